import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { acceptsGzip, encodingsOf, gzipped } from './negotiation.ts'
import { compressedTag, matches } from './whole.ts'

/** What a browser loads of the dashboard. */
export type DashboardFile = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

const folder = join(import.meta.dirname, 'dashboard')
const charts = join(dirname(createRequire(import.meta.url).resolve('uplot/package.json')), 'dist')

/** The dashboard's page, and its parts by name: ours, and those of the library that draws the charts. */
export function dashboardFiles(): { readonly page: DashboardFile; readonly parts: ReadonlyMap<string, DashboardFile> } {
  const names = readdirSync(folder).filter((name) => extname(name) in TYPES)
  const own = names.map((name): [string, DashboardFile] => [name, fileAt(join(folder, name))])
  const { 'dashboard.html': page = fileAt(join(folder, 'dashboard.html')), ...parts } = Object.fromEntries(own)
  const library = {
    'uplot.js': fileAt(join(charts, 'uPlot.iife.min.js')),
    'uplot.css': fileAt(join(charts, 'uPlot.min.css')),
  }
  return { page, parts: new Map(Object.entries({ ...parts, ...library })) }
}

/** A file as it was when it was first asked for. */
function fileAt(path: string): DashboardFile {
  let loading: ReturnType<typeof load> | undefined
  return async ({ headers }, reply) => {
    loading ??= load(path)
    const { plain, zipped, etag } = await loading
    const isZipped = acceptsGzip(encodingsOf(headers))
    reply
      .header('etag', isZipped ? compressedTag(etag) : etag)
      // Asked each time, so that a page never runs with parts of another version.
      .header('cache-control', 'public, no-cache')
      .header('vary', 'Accept-Encoding, Origin')
      .type(TYPES[extname(path)] ?? 'application/octet-stream')
    if (matches(headers['if-none-match'] ?? '', etag)) return reply.code(304).send()
    if (isZipped) reply.header('content-encoding', 'gzip')
    return reply.send(isZipped ? zipped : plain)
  }
}

async function load(path: string) {
  const plain = await readFile(path)
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
  return { plain, zipped: await gzipped(plain), etag }
}
