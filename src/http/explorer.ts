import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'

const require = createRequire(import.meta.url)
const packageFile = (name: string, file: string) => join(dirname(require.resolve(`${name}/package.json`)), file)
const ownFile = (file: string) => join(import.meta.dirname, 'explorer', file)

const SCRIPT = 'text/javascript; charset=utf-8'
const STYLE = 'text/css; charset=utf-8'

/** The explorer's parts, from the packages that make them: it works without any other server. */
const FILES: Record<string, { readonly path: string; readonly type: string }> = {
  'react.js': { path: packageFile('react', 'umd/react.production.min.js'), type: SCRIPT },
  'react-dom.js': { path: packageFile('react-dom', 'umd/react-dom.production.min.js'), type: SCRIPT },
  'graphiql.js': { path: packageFile('graphiql', 'graphiql.min.js'), type: SCRIPT },
  'graphiql.css': { path: packageFile('graphiql', 'graphiql.min.css'), type: STYLE },
  'graphql-sse.js': { path: packageFile('graphql-sse', 'umd/graphql-sse.min.js'), type: SCRIPT },
  'explorer.js': { path: ownFile('explorer.js'), type: SCRIPT },
  'explorer.css': { path: ownFile('explorer.css'), type: STYLE },
}

/** Scripts are ours alone. Styles may be inline, because the editor sets them so. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Serves GraphiQL; the page comes from `/graphql` itself. */
export function registerExplorer(server: FastifyInstance): (reply: FastifyReply) => FastifyReply {
  for (const [name, { path, type }] of Object.entries(FILES)) {
    let content: Buffer | undefined
    server.get(`/explorer/${name}`, async (_, reply) => {
      content ??= readFileSync(path)
      return reply.type(type).header('cache-control', 'public, max-age=3600').send(content)
    })
  }
  const page = readFileSync(ownFile('explorer.html'))
  return (reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', PAGE_POLICY)
      .header('cross-origin-opener-policy', 'same-origin')
      .header('cache-control', 'no-store')
      .send(page)
}
