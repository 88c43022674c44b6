import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

/*
 * What Node can answer at most: every body is read to its end and answered with the same bytes. Needs nothing that is
 * installed, so that there is always something to compare with.
 */

const PORT = Number(process.env['PORT'])
/** An answer as the other servers give it. */
const answer = readFileSync(process.env['ANSWER_FILE'] ?? '')
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': answer.length }

const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, headers).end(answer))
})

server.listen(PORT, '127.0.0.1', () => process.stdout.write(`answers at http://127.0.0.1:${PORT}/graphql\n`))
