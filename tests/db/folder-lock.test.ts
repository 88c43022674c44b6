import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lockFolder } from '../../src/db/folder-lock.ts'
import { temporaryFolder } from '../support/databases.ts'

/** Says `locked` and stays, or says why not and ends. */
const PROGRAM = `
  import { lockFolder } from ${JSON.stringify(new URL('../../src/db/folder-lock.ts', import.meta.url).href)}
  try {
    globalThis.lock = lockFolder(process.argv[1])
    console.log('locked')
    process.stdin.resume()
  } catch (error) {
    console.log(error.message)
  }
`

let temporary: ReturnType<typeof temporaryFolder>
let folder: string
const started: ChildProcess[] = []

beforeEach(() => {
  temporary = temporaryFolder()
  folder = join(temporary.path, 'data')
})
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  temporary[Symbol.dispose]()
})

/** Starts another process that tries to take the folder, and tells what it said first. */
async function startAnother() {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  started.push(child)
  const [said] = await once(child.stdout, 'data')
  return { child, said: String(said).trim() }
}

describe('a data folder', () => {
  test('is made for its owner alone', () => {
    using _ = lockFolder(join(folder, 'within'))
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'within')).mode & 0o777).toBe(0o700)
  })

  test('is refused to a second process, and given to it after the first was killed', async () => {
    const first = await startAnother()
    expect(first.said).toBe('locked')
    const second = await startAnother()
    expect(second.said).toBe(
      `Another Honzík is using the data folder ${folder}. Stop it, or give this one a folder of its own with DATA_DIR.`,
    )

    first.child.kill('SIGKILL')
    await once(first.child, 'exit')
    expect((await startAnother()).said).toBe('locked')
  })

  test('is refused to another process as long as this one has it', async () => {
    const lock = lockFolder(folder)
    expect((await startAnother()).said).toContain('Another Honzík')
    lock[Symbol.dispose]()
    expect((await startAnother()).said).toBe('locked')
  })

  test('is refused to the same process a second time', () => {
    using _ = lockFolder(folder)
    expect(() => lockFolder(folder)).toThrow('Another Honzík')
  })

  test('that is damaged says so, and does not speak of another process', () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'lock.sqlite'), 'this is no database, whatever its name says'.repeat(100))
    expect(() => lockFolder(folder.path)).toThrow(/lock\.sqlite cannot be taken/)
  })

  test('is free again after it was given back', () => {
    for (let round = 0; round < 3; round += 1) {
      using _ = lockFolder(folder)
      expect(() => lockFolder(folder)).toThrow('Another Honzík')
    }
  })

  test('does not keep another folder from being taken', () => {
    using one = lockFolder(join(folder, 'one'))
    using other = lockFolder(join(folder, 'other'))
    expect(other).not.toBe(one)
  })
})
