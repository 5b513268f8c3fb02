// Certificates for tests, made by openssl: an authority, and what it signs. Nothing of it is trusted anywhere else.

import { execFileSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Is there an openssl to make them with? */
export function hasOpenssl(): boolean {
  try {
    openssl(['version'])
    return true
  } catch {
    return false
  }
}

export interface Authority {
  readonly certificate: string
  /** Makes a key and a certificate for it, good for these names. */
  sign(name: string, subjectAltName?: string): { certificate: string; key: string }
}

/** Makes an authority whose files lie in the folder. */
export function anAuthority(folder: string, name: string): Authority {
  const file = (part: string): string => join(folder, `${name}-${part}`)
  const [certificate, key] = [file('ca.pem'), file('ca.key')]
  openssl(['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-keyout', key, '-out', certificate]) // prettier-ignore
  return {
    certificate,
    sign(subject, subjectAltName = `DNS:${subject}`) {
      const [own, ownKey, request, extensions] = ['crt', 'key', 'csr', 'ext'].map((part) => file(`${subject}.${part}`)) as [string, string, string, string] // prettier-ignore
      openssl(['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${subject}`, '-keyout', ownKey, '-out', request]) // prettier-ignore
      writeFileSync(extensions, `subjectAltName=${subjectAltName}\n`)
      openssl(['x509', '-req', '-in', request, '-CA', certificate, '-CAkey', key, '-CAcreateserial', '-days', '2', '-extfile', extensions, '-out', own]) // prettier-ignore
      chmodSync(ownKey, 0o600)
      return { certificate: own, key: ownKey }
    },
  }
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' })
}
