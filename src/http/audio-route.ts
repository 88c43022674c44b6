import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parse as parseRange } from 'range-parser'
import type { Clock } from '../domain/calendar.ts'
import { HonzikError, notFound } from '../domain/error.ts'
import { type MessageId, parseMessageId } from '../domain/ids.ts'
import { contentTypeOf, extensionOf } from '../domain/recording.ts'
import { isAccessible, requireSignedIn } from '../domain/viewer.ts'
import type { MessageSpeech } from '../loaders/readers.ts'
import type { Viewers } from './viewers.ts'

export interface AudioRoute {
  /** What a message sounds like; null where it was not spoken. */
  readonly speechOf: (id: MessageId) => Promise<MessageSpeech | null>
  readonly isGoodLink: (id: MessageId, parameters: LinkQuery, now: Temporal.Instant) => boolean
  readonly viewers: Viewers
  readonly clock: Clock
}

interface LinkQuery {
  readonly expires?: unknown
  readonly signature?: unknown
}

/**
 * `GET /audio/:messageId`: what a message sounds like, whole or a part of it (RFC 9110, section 14), for the learner whose
 * message it is, for staff, and for whoever has a link that is still good.
 */
export function registerAudio(server: FastifyInstance, route: AudioRoute): void {
  server.get<{ Params: { messageId: string }; Querystring: LinkQuery }>('/audio/:messageId', async (request, reply) => {
    const { params, query } = request
    const id = parseMessageId(params.messageId)
    const linked = id !== null && query.signature !== undefined && route.isGoodLink(id, query, route.clock())
    if (!linked) await signIn(request, route)
    const found = id && (await route.speechOf(id))
    if (!found || !(linked || isAccessible(request.viewer, found.userId))) throw notFound('speech')
    return send(request, reply, found)
  })
}

async function signIn(request: FastifyRequest<{ Querystring: LinkQuery }>, { viewers }: AudioRoute): Promise<void> {
  const { authorization } = request.headers
  request.viewer = (viewers.known(authorization) ?? (await viewers.read(authorization))).viewer
  if (request.viewer.role === 'nobody' && authorization === undefined && request.query.signature !== undefined)
    throw new HonzikError('UNAUTHENTICATED', 'The link has ended, or was never one of ours.')
  requireSignedIn(request.viewer)
}

function send(
  { headers, method }: FastifyRequest,
  reply: FastifyReply,
  { audio, format, id }: MessageSpeech,
): FastifyReply {
  const etag = `"${createHash('sha256').update(audio).digest('base64url').slice(0, 22)}"`
  reply
    .header('etag', etag)
    // A speech never changes; whose it is may hear it again without asking.
    .header('cache-control', 'private, max-age=3600')
    // By origin, too: what a player has loaded would else stand in caches without the word that pages may read it.
    .header('vary', 'Authorization, Origin')
    .header('accept-ranges', 'bytes')
  if (isKnown(headers['if-none-match'] ?? '', etag)) return reply.code(304).send()
  reply
    .header('content-disposition', `inline; filename="message-${id}.${extensionOf(format)}"`)
    .type(contentTypeOf(format))
  const { range, 'if-range': known = etag } = headers
  // Ranges are of GET only (RFC 9110, 14.2).
  return range === undefined || known !== etag || method !== 'GET' ? reply.send(audio) : sendRange(reply, audio, range)
}

/** Whether the caller has it already; compared weakly, as RFC 9110, 13.1.2 says. */
const isKnown = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.split(',').some((each) => ['*', etag, `W/${etag}`].includes(each.trim()))

function sendRange(reply: FastifyReply, audio: Buffer, asked: string): FastifyReply {
  const { code, type, ranges } = parseRange(audio.length, asked)
  const [range, ...more] = ranges
  if (type === 'bytes' && range === undefined && code === UNSATISFIABLE)
    return reply
      .code(416)
      .removeHeader('content-disposition')
      .header('cache-control', 'no-store')
      .header('content-range', `bytes */${audio.length}`)
      .send()
  // What is malformed, of another unit, or of several parts may be answered with the whole.
  if (type !== 'bytes' || range === undefined || more.length > 0 || code & MALFORMED) return reply.send(audio)
  const { start, end } = range
  return reply
    .code(206)
    .header('content-range', `bytes ${start}-${end}/${audio.length}`)
    .send(audio.subarray(start, end + 1))
}

/** What the parser says, added up, of ranges that are none and of those of which there is nothing. */
const MALFORMED = 1
const UNSATISFIABLE = 2
