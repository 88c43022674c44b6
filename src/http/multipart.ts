import multipart, { type Multipart } from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { badInput, HonzikError } from '../domain/error.ts'
import { RECORDING_MAX_BYTES } from '../domain/recording.ts'
import { requireSignedIn } from '../domain/viewer.ts'
import { Upload } from '../graphql/upload.ts'
import { isRecord } from './asked.ts'

/*
 * Operations with files, as the GraphQL multipart request specification has them
 * (github.com/jaydenseric/graphql-multipart-request-spec): a field `operations` with the request, a field `map` that says
 * where in it which file belongs, and the files.
 */

const LIMITS = {
  /** Bytes of the request without its files. */
  fieldSize: 256 * 1024,
  fieldNameSize: 100,
  fields: 2,
  files: 1,
  fileSize: RECORDING_MAX_BYTES,
  parts: 3,
  headerPairs: 20,
}

export async function registerMultipart(server: FastifyInstance): Promise<void> {
  await server.register(multipart, { limits: LIMITS, throwFileSizeLimit: true })
}

type Json = Record<string, unknown>

/**
 * The request that the parts make, with its file in its place.
 * @throws UNAUTHENTICATED before anything is read, BAD_USER_INPUT naming the part that is wrong, PAYLOAD_TOO_LARGE naming
 * the variable whose file is too large
 */
export async function readMultipart(request: FastifyRequest): Promise<Json> {
  requireSignedIn(request.viewer)
  if (!/;\s*boundary=/i.test(request.headers['content-type'] ?? ''))
    throw badInput('content-type', 'must be multipart/form-data with a boundary.')
  let operations: Json | null = null
  let paths: Map<string, string> | null = null
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field' && part.fieldname === 'operations') operations = recordIn(part, 'operations')
      else if (part.type === 'field' && part.fieldname === 'map') paths = pathsIn(recordIn(part, 'map'))
      else if (part.type === 'file') {
        if (operations === null) throw badInput('operations', 'must come before the files.')
        if (paths === null) throw badInput('map', 'must come before the files.')
        const path = paths.get(part.fieldname)
        if (path === undefined) throw badInput('map', `does not say where the file ${part.fieldname} belongs.`)
        put(operations, path, new Upload(await bytesOf(part.toBuffer(), path)))
        paths.delete(part.fieldname)
      } else throw badInput('map', 'must be the only field besides operations.')
    }
  } catch (error) {
    // What is left unread of a request stands in the way of the next one on its connection.
    request.raw.unpipe()
    request.raw.resume()
    throw explained(error)
  }
  if (operations === null) throw badInput('operations', 'must be there.')
  const [missing] = paths?.keys() ?? []
  if (missing !== undefined) throw badInput('map', `names the file ${shown(missing)}, which is not there.`)
  return operations
}

function recordIn(part: Multipart & { type: 'field' }, name: string): Json {
  if (part.valueTruncated) throw new HonzikError('PAYLOAD_TOO_LARGE', `${name} is too large.`, { field: name })
  try {
    // A part that calls itself JSON was parsed as such.
    const value: unknown = typeof part.value === 'string' ? JSON.parse(part.value) : part.value
    if (isRecord(value)) return value
  } catch {
    // What is no JSON is no object either.
  }
  throw badInput(name, 'must be a JSON object.')
}

/** A name of the caller's, however long, as it is told. */
const shown = (name: string): string => name.slice(0, 100)

/** Each file has one place. */
function pathsIn(map: Json): Map<string, string> {
  const paths = Object.entries(map).map(([name, places]): [string, string] => {
    const [path, ...more] = Array.isArray(places) ? places : []
    if (typeof path !== 'string' || more.length > 0) throw badInput('map', 'must give each file one place.')
    return [name, path]
  })
  return new Map(paths)
}

/** Puts a file where the request has null for it. */
function put(operations: Json, path: string, file: Upload): void {
  const names = path.split('.')
  const last = names.pop()
  let place: unknown = operations
  for (const name of names) place = isRecord(place) && Object.hasOwn(place, name) ? place[name] : undefined
  if (names[0] !== 'variables' || last === undefined || !isRecord(place) || !Object.hasOwn(place, last))
    throw badInput('map', `has a place that is not in the variables: ${shown(path)}.`)
  if (place[last] !== null) throw badInput('map', `has a place that is not null: ${shown(path)}.`)
  place[last] = file
}

async function bytesOf(bytes: Promise<Buffer>, path: string): Promise<Buffer> {
  try {
    return await bytes
  } catch (error) {
    if (codeOf(error) !== 'FST_REQ_FILE_TOO_LARGE') throw error
    const field = shown(path.split('.').at(-1) ?? path)
    throw new HonzikError('PAYLOAD_TOO_LARGE', `${field} must not be larger than 5 MB.`, { field })
  }
}

/** What the parser says of a request, in our words. */
function explained(error: unknown): unknown {
  switch (codeOf(error)) {
    case 'FST_FILES_LIMIT':
    case 'FST_FIELDS_LIMIT':
    case 'FST_PARTS_LIMIT':
      return badInput('map', 'must be of one file; there are too many parts.')
    case 'FST_INVALID_JSON_FIELD_ERROR':
      return badInput('body', 'must have JSON in the fields that call themselves so.')
    case 'FST_PROTO_VIOLATION':
      return badInput('map', 'must not use names of that kind.')
    default:
      // The parser's own errors have no codes: a body that ends before its last part does.
      return error instanceof HonzikError ? error : badInput('body', 'must be complete multipart/form-data.')
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)
