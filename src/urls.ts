export function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}

export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text)
}

export function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text) && URL.canParse(text)
}

/** A single server, or several of one cluster with their ports. */
export function isRedisUrl(text: string): boolean {
  if (/^rediss?:\/\//.test(text)) return URL.canParse(text)
  const nodes = /^rediss?\+cluster:\/\/([^/]+)\/?$/.exec(text)?.[1]?.split(',') ?? []
  return nodes.length > 0 && nodes.every((node) => /:\d+$/.test(node) && URL.canParse(`redis://${node}`))
}

/** Of a server that listens at this address of the host. */
export function urlOf(address: { readonly port: number } | string | null, host: string): string {
  const port = typeof address === 'object' && address !== null ? address.port : ''
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
