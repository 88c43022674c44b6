/** One part of a form. */
export interface Part {
  readonly name: string
  readonly content: string | Uint8Array | object
  /** With one it is a file. */
  readonly fileName?: string
  readonly type?: string
}

/** A form as it is on the wire. */
export interface Form {
  readonly headers: { readonly 'content-type': string }
  readonly body: Buffer
}

export const BOUNDARY = '----------------------------d74496d66958873e'

/** The bytes of a form, as curl writes them. */
export function formOf(...parts: readonly Part[]): Form {
  const written = parts.flatMap(({ name, content, fileName, type }) => [
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"`,
    fileName === undefined ? '' : `; filename="${fileName}"`,
    type === undefined ? '' : `\r\nContent-Type: ${type}`,
    '\r\n\r\n',
    content,
    '\r\n',
  ])
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: Buffer.concat([...written, `--${BOUNDARY}--\r\n`].map(bytesOf)),
  }
}

function bytesOf(content: Part['content']): Uint8Array {
  if (content instanceof Uint8Array) return content
  return Buffer.from(typeof content === 'string' ? content : JSON.stringify(content))
}

export const operations = (content: Part['content']): Part => ({ name: 'operations', content })

export const map = (content: Part['content']): Part => ({ name: 'map', content })

export const file = (content: Uint8Array, name = '0'): Part => ({
  name,
  content,
  fileName: 'recording.ogg',
  type: 'audio/ogg',
})
