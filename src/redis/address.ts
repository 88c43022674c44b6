import { isIP } from 'node:net'
import type { RedisOptions } from 'ioredis'

/** Where a server listens. */
export interface Endpoint {
  readonly host: string
  readonly port: number
}

/** What a Redis URL says. */
export interface Address {
  /** One server, or some of a cluster's, from which the others are learnt. */
  readonly endpoints: readonly [Endpoint, ...Endpoint[]]
  readonly cluster: boolean
  readonly access: Access
}

/** What every connection needs besides its endpoint. */
export interface Access {
  readonly username: string | undefined
  readonly password: string | undefined
  readonly db: number
  readonly tls: boolean
}

const FORM = /^(?<scheme>rediss?)(?<cluster>\+cluster)?:\/\/(?:(?<credentials>[^/]*)@)?(?<hosts>[^/@?#]+)\/?(?<db>\d*)$/
const HOST = /^(?:\[(?<v6>[\da-f:.]+)\]|(?<host>[^:[\]]+))(?::(?<port>\d+))?$/i
const DEFAULT_PORT = 6379

/**
 * Reads `redis://user:password@host:port/db`, and `redis+cluster://` with one or more hosts, separated by commas;
 * `rediss` in place of `redis` is TLS. What it throws does not repeat the URL: a password may be in it.
 */
export function parseAddress(url: string): Address {
  const parts = FORM.exec(url)?.groups
  if (parts === undefined) throw new Error('A Redis URL reads redis://user:password@host:port, or redis+cluster://…')
  const [first, ...others] = (parts['hosts'] ?? '').split(',').map(parseEndpoint)
  const cluster = parts['cluster'] !== undefined
  const db = Number(parts['db'])
  if (first === undefined || (!cluster && others.length > 0)) throw new Error('A redis:// URL names exactly one host.')
  if (cluster && db !== 0) throw new Error('A Redis Cluster has no database but 0.')
  const [username, ...password] = (parts['credentials'] ?? '').split(':')
  const access = {
    username: decoded(username),
    password: decoded(password.join(':')),
    db,
    tls: parts['scheme'] === 'rediss',
  }
  return { endpoints: [first, ...others], cluster, access }
}

function parseEndpoint(text: string): Endpoint {
  const parts = HOST.exec(text)?.groups
  const host = parts?.['v6'] ?? parts?.['host']
  if (host === undefined) throw new Error('A host in a Redis URL reads name:port, 127.0.0.1:port or [::1]:port.')
  return { host, port: Number(parts?.['port'] ?? DEFAULT_PORT) }
}

const decoded = (text: string | undefined): string | undefined => (text ? decodeURIComponent(text) : undefined)

/** An endpoint as a name, the same for the same endpoint. */
export const nameOf = ({ host, port }: Endpoint): string => `${host}:${port}`

type Target = Pick<RedisOptions, 'host' | 'port' | 'db' | 'username' | 'password' | 'tls'>

/** The driver's options for an endpoint. */
export function optionsFor({ host, port }: Endpoint, { username, password, db, tls }: Access): Target {
  // TLS is told the name that is asked for; of an address it must not be told.
  const secured = tls && { tls: isIP(host) ? {} : { servername: host } }
  return { host, port, db, ...(username && { username }), ...(password && { password }), ...secured }
}
