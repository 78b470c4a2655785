import path from 'node:path'
import { writeWhole } from '../base/files.ts'

export interface HomeParts {
  readonly folder: string
  readonly portalUrl: string
  readonly spkiFingerprint: string
  readonly user: string
  readonly password: string
  readonly totpSecret: string
  readonly mfa: 'totp' | 'push' | undefined
  /** Without commands the user is asked. */
  readonly interactive: boolean
  readonly profiles: readonly { readonly name: string; readonly role: string; readonly source?: string }[]
  readonly region: string
  readonly hosts: readonly string[]
  readonly proxyPort: number
  readonly caCertificate: string
}

/** Where everything lies in the sandbox's folder. */
export function homePaths(folder: string) {
  return {
    home: path.join(folder, 'awsfed'),
    config: path.join(folder, 'awsfed', 'config.toml'),
    gitConfig: path.join(folder, 'gitconfig'),
    ca: path.join(folder, 'ca.pem'),
    gitTrust: path.join(folder, 'git-ca.pem'),
    password: path.join(folder, 'user', 'password'),
    secret: path.join(folder, 'user', 'totp-secret'),
    passwordScript: path.join(folder, 'user', 'password.mjs'),
    codeScript: path.join(folder, 'user', 'code.mjs'),
    aws: path.join(folder, 'aws'),
    repositories: path.join(folder, 'repositories'),
  }
}

/** Writes what a user of the sandbox has: awsfed's and git's configuration, a password and an authenticator. */
export function writeHome(parts: HomeParts): void {
  const paths = homePaths(parts.folder)
  writeWhole(paths.ca, parts.caCertificate, 0o644)
  writeWhole(paths.password, `${parts.password}\n`)
  writeWhole(paths.secret, `${parts.totpSecret}\n`)
  writeWhole(paths.passwordScript, passwordScript)
  writeWhole(paths.codeScript, codeScript)
  writeWhole(paths.config, configToml(parts, paths))
  writeWhole(paths.gitConfig, gitConfig(parts, paths), 0o644)
}

/** A command line that sh and cmd both take. */
export function nodeCommand(script: string): string {
  return `"${process.execPath}" "${script}"`
}

function configToml(parts: HomeParts, paths: ReturnType<typeof homePaths>): string {
  // JSON's texts are TOML's basic strings.
  const text = (value: string) => JSON.stringify(value)
  const silent = parts.interactive
    ? []
    : [
        `username = ${text(parts.user)}`,
        `password_command = ${text(nodeCommand(paths.passwordScript))}`,
        `otp_command = ${text(nodeCommand(paths.codeScript))}`,
      ]
  const lines = [
    '# Written by awsfed sandbox.',
    'default_profile = "dev"',
    '',
    '[portal.corp]',
    `url = ${text(parts.portalUrl)}`,
    "# The portal's certificate is of the sandbox's own authority, which nothing else trusts.",
    `browser_args = [${text(`--ignore-certificate-errors-spki-list=${parts.spkiFingerprint}`)}]`,
    ...silent,
    ...(parts.mfa ? [`mfa = ${text(parts.mfa)}`] : []),
  ]
  for (const profile of parts.profiles) {
    lines.push('', `[profile.${profile.name}]`)
    lines.push(profile.source === undefined ? 'portal = "corp"' : `source = ${text(profile.source)}`)
    lines.push(`role = ${text(profile.role)}`, `region = ${text(parts.region)}`)
  }
  return `${lines.join('\n')}\n`
}

/** git reaches the real host names through the sandbox's proxy, and trusts its certificate for these hosts only. */
function gitConfig(parts: HomeParts, paths: ReturnType<typeof homePaths>): string {
  const quoted = (value: string) => `"${value.replace(/[\\"]/g, '\\$&')}"`
  const lines = ['[user]', '\tname = Jane Doe', '\temail = jane@corp.example', '[init]', '\tdefaultBranch = main']
  for (const host of parts.hosts) {
    lines.push(
      `[http "https://${host}"]`,
      `\tproxy = http://127.0.0.1:${parts.proxyPort}`,
      `\tsslCAInfo = ${quoted(paths.ca.replaceAll('\\', '/'))}`,
      // Git for Windows may use the system's TLS, which must be told to look at sslCAInfo.
      '\tschannelUseSSLCAInfo = true',
      '\tschannelCheckRevoke = false',
    )
  }
  return `${lines.join('\n')}\n`
}

const passwordScript = `// The sandbox user's password manager.
import { readFileSync } from 'node:fs'
process.stdout.write(readFileSync(new URL('password', import.meta.url), 'utf8'))
`

const codeScript = `// The sandbox user's authenticator app: RFC 6238 with SHA-1, 6 digits, 30 seconds.
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
const secret = readFileSync(new URL('totp-secret', import.meta.url), 'utf8').trim()
const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)))
const counter = Buffer.alloc(8)
counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)))
const digest = createHmac('sha1', key).update(counter).digest()
const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff
console.log(String(number % 1000000).padStart(6, '0'))
`
