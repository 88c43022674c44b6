import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const OPENSSL = ['/usr/bin/openssl', '/usr/local/bin/openssl'].find(existsSync) ?? 'openssl'

export interface Certificates extends Disposable {
  /** The authority's certificate, as text. */
  readonly authority: string
  /** Files: the authority's certificate, and a certificate for 127.0.0.1 and localhost with its key. */
  readonly files: { readonly authority: string; readonly certificate: string; readonly key: string }
}

/** Makes an authority and a certificate for this machine's loopback that it has signed. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'honzik-certificates-'))
  const file = (name: string) => join(folder, name)
  const openssl = (...args: readonly string[]) => execFileSync(OPENSSL, args, { stdio: 'ignore' })
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  openssl(...request, '-subj', '/CN=Authority', '-keyout', file('ca.key'), '-out', file('ca.crt'))
  const signed = [
    '-CA',
    file('ca.crt'),
    '-CAkey',
    file('ca.key'),
    '-addext',
    'subjectAltName=IP:127.0.0.1,DNS:localhost',
  ]
  const leaf = ['-addext', 'basicConstraints=critical,CA:FALSE', '-subj', '/CN=Server']
  openssl(...request, ...signed, ...leaf, '-keyout', file('server.key'), '-out', file('server.crt'))
  return {
    authority: readFileSync(file('ca.crt'), 'utf8'),
    files: { authority: file('ca.crt'), certificate: file('server.crt'), key: file('server.key') },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
