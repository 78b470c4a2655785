import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { readIfThere } from '../../../base/files.ts'
import type { World } from '../../../base/world.ts'

/** Where Linux has all certificate authorities that it trusts, the company's own too: Debian, Fedora, SUSE, Alpine. */
const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/var/lib/ca-certificates/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/**
 * Has a fresh profile on Linux trust what awsfed trusts: the system's certificate authorities, and those that the environment names:
 * Firefox has a store of its own, and looks into others by modules (p11-kit(8), trust module). Where that module is not
 * installed it trusts its own only. On Windows and macOS a preference has it trust the system's.
 */
export function trustAuthorities({ env, platform, trace }: Pick<World, 'env' | 'platform' | 'trace'>, folder: string): void {
  if (platform !== 'linux') return
  const bundle = path.join(folder, 'authorities.pem')
  const module = trustModule()
  // The bundle's name is to stand in a list, within quotes.
  if (module === undefined || /[:'"\\]/.test(bundle)) {
    const why = module === undefined ? 'p11-kit-trust.so is not installed' : `${bundle} cannot be told to it`
    trace(`browser: Firefox trusts its own certificate authorities only: ${why}`)
    return
  }
  const system = systemBundles.find((file) => existsSync(file))
  const files = [system, env.SSL_CERT_FILE, env.AWS_CA_BUNDLE, env.NODE_EXTRA_CA_CERTS]
  const texts = files.map((file) => (file ? readIfThere(file) : undefined))
  writeFileSync(bundle, texts.filter((text) => text !== undefined).join('\n'))
  writeFileSync(
    path.join(folder, 'pkcs11.txt'),
    `library=${module}\nname=Certificate authorities\nparameters=paths='${bundle}'\n\n`,
  )
}

/** `/usr/lib64/pkcs11` (Fedora, SUSE), `/usr/lib/x86_64-linux-gnu/pkcs11` (Debian), `/usr/lib/pkcs11` (Arch, Alpine). */
export function trustModule(): string | undefined {
  const debians = readdirSync('/usr/lib').filter((name) => name.includes('-linux-gnu'))
  return ['/usr/lib64', ...debians.map((name) => `/usr/lib/${name}`), '/usr/lib']
    .map((folder) => `${folder}/pkcs11/p11-kit-trust.so`)
    .find((file) => existsSync(file))
}
