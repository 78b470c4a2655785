import { randomInt } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { readIfThere, writeWhole } from '../base/files.ts'
import { startGuardian } from '../login/browser/guardian.ts'
import { createAuthority, createSigner } from './certificates.ts'
import { developmentAccount, type SandboxRole, sandboxRoles } from './cloud.ts'
import { GitBackend } from './codecommit/backend.ts'
import { startCodeCommit } from './codecommit/codecommit.ts'
import { Repositories } from './codecommit/repositories.ts'
import { CredentialStore } from './credentials.ts'
import { EventLog, type SandboxEvent } from './events.ts'
import { homePaths, writeHome } from './home.ts'
import { Account } from './portal/account.ts'
import { type Portal, startPortal } from './portal/portal.ts'
import { startProxy } from './proxy.ts'
import type { Listening } from './server.ts'
import { startSts } from './sts/sts.ts'

export interface SandboxOptions {
  /** Where it keeps its files. By default a temporary folder, which `stop` removes. */
  readonly folder?: string
  /** The clock of all its servers. */
  readonly now?: () => Date
  /** What the portal asks for after the password. Default `totp`. */
  readonly factor?: 'totp' | 'push' | 'choice' | 'none'
  /** Milliseconds after which a push is approved by itself. By default it waits for `portal.approve` or the phone's page. */
  readonly approveAfter?: number
  /** With `choice`: the factor that config.toml names. Default `totp`. */
  readonly mfa?: 'totp' | 'push'
  /** Whether a browser that has signed in stays signed in at the portal. Default true. */
  readonly remembers?: boolean
  /** Refuse a code that was accepted once (RFC 6238, 5.2). Default false, so that tests need not wait 30 seconds. */
  readonly oneUseCodes?: boolean
  /** Write no user name and no commands into config.toml, so that a person is asked. Default false. */
  readonly interactive?: boolean
  /** Where the portal posts the assertion. Default `https://signin.aws.amazon.com/saml`. */
  readonly acs?: string
  readonly roles?: readonly SandboxRole[]
  readonly regions?: readonly string[]
  /** Told of every request as it is answered. */
  readonly onEvent?: (event: SandboxEvent) => void
  /** The environment that git is found in. Default this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

export interface Repository {
  readonly region: string
  readonly name: string
  /** `https://git-codecommit.REGION.amazonaws.com/v1/repos/NAME` */
  readonly url: string
  /** The bare repository. */
  readonly folder: string
}

/** A portal, an STS and a CodeCommit on loopback. */
export interface Sandbox {
  readonly folder: string
  /** What AWSFED_HOME is to be. */
  readonly home: string
  /** What points a shell at the sandbox. */
  readonly environment: Record<string, string>
  readonly user: string
  readonly password: string
  readonly regions: readonly string[]
  /** Every request so far, in the order of the answers. */
  readonly events: readonly SandboxEvent[]
  readonly portal: Portal
  /** The first event, past or to come, for which `predicate` is true. Rejects after `milliseconds` (20,000). */
  waitFor(predicate: (event: SandboxEvent) => boolean, milliseconds?: number): Promise<SandboxEvent>
  /** The one-time code of this moment. */
  totp(): string
  /** Makes a repository with a first commit; `files: {}` for an empty one. Default region: the first; account: Dev's. */
  createRepository(
    name: string,
    region?: string,
    more?: { account?: string; files?: Readonly<Record<string, string>> },
  ): Promise<Repository>
  /** Ends all credentials that the STS has issued, on the servers' side. Returns how many. */
  expireSessions(): number
  /** Ends all sessions at the portal: the next sign-in needs the password. Returns how many. */
  endPortalSessions(): number
  /** Ends the servers and their processes, and removes the folder if it made it. May be called twice. */
  stop(): Promise<void>
}

const defaultAcs = 'https://signin.aws.amazon.com/saml'

/** Starts everything on 127.0.0.1, on ports that the system chooses. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const started: Pick<Listening, 'close'>[] = []
  const folder = folderOf(options)
  const own = options.folder === undefined
  // Ends the browsers of logins in the folder, and removes it, should this process be killed.
  const guardian = own
    ? startGuardian({ env: process.env, platform: process.platform }, { folder, record: `${folder}.json` })
    : undefined
  const stop = async () => {
    await Promise.all(started.splice(0).map((server) => server.close()))
    if (own) await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    await guardian?.dismiss()
  }
  try {
    return await start(options, folder, started, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(
  options: SandboxOptions,
  folder: string,
  started: Pick<Listening, 'close'>[],
  stop: () => Promise<void>,
): Promise<Sandbox> {
  const now = options.now ?? (() => new Date())
  const roles = options.roles ?? Object.values(sandboxRoles)
  const regions = options.regions ?? ['us-east-1', 'eu-west-1', 'us-west-2']
  const [firstRegion = 'us-east-1'] = regions
  const hosts = hostsOf(regions)
  const paths = homePaths(folder)
  const log = new EventLog(now)
  if (options.onEvent) log.listen(options.onEvent)

  const authority = await createAuthority()
  const [portalTls, stsTls, gitTls, signer] = await Promise.all([
    authority.issue(['localhost', '127.0.0.1']),
    authority.issue(['127.0.0.1', 'localhost']),
    authority.issue([...hosts.keys()]),
    createSigner('ADFS Signing - adfs.corp.example'),
  ])
  const keep = <T extends Pick<Listening, 'close'>>(server: T): T => {
    started.push(server)
    return server
  }

  const password = newPassword()
  const account = new Account('jane@corp.example', password, now, options.oneUseCodes ?? false)
  const issuer = 'http://adfs.corp.example/adfs/services/trust'
  const acs = options.acs ?? defaultAcs
  const portal = keep(
    await startPortal({
      account,
      roles,
      tls: portalTls,
      signer,
      issuer,
      acs,
      // Defender's rewriting changes where the form is posted to, not what the portal signed.
      recipient: /(^|\.)signin\.aws\.amazon\.com$/.test(new URL(acs).hostname) ? acs : defaultAcs,
      factor: options.factor ?? 'totp',
      approveAfter: options.approveAfter,
      remembers: options.remembers ?? true,
      now,
      record: log.record,
      onPasswordChange: (password) => writeWhole(paths.password, `${password}\n`),
    }),
  )
  const store = new CredentialStore()
  const trusted = { issuer, certificate: signer.chain }
  const sts = keep(await startSts({ roles, store, trusted, now }, stsTls, log.record))
  const env = options.env ?? process.env
  const gitEnvironment = serverGitEnvironment(env, folder)
  const repositories = new Repositories(paths.repositories, gitEnvironment)
  const backend = keep(new GitBackend(gitEnvironment))
  const codecommit = keep(await startCodeCommit({ repositories, backend, store, hosts, tls: gitTls, now, record: log.record }))
  const proxy = keep(await startProxy(new Set(hosts.keys()), codecommit.port, log.record))

  const { user } = account
  writeHome({
    folder,
    portalUrl: portal.url,
    spkiFingerprint: authority.fingerprint,
    user,
    password,
    totpSecret: account.totpSecret,
    mfa: options.factor === 'choice' ? (options.mfa ?? 'totp') : options.factor === 'push' ? 'push' : undefined,
    interactive: options.interactive ?? false,
    profiles: [
      { name: 'dev', role: sandboxRoles.dev.arn },
      { name: 'readonly', role: sandboxRoles.readonly.arn },
      { name: 'deploy', role: sandboxRoles.deploy.arn, source: 'dev' },
    ],
    region: firstRegion,
    hosts: [...hosts.keys()],
    proxyPort: proxy.port,
    caCertificate: authority.certificate,
  })

  return {
    folder,
    home: paths.home,
    environment: { ...environmentOf(paths, sts.port), ...gitTrust(env, paths, authority.certificate) },
    user,
    password,
    regions,
    events: log.events,
    portal,
    waitFor: (predicate, milliseconds) => log.waitFor(predicate, milliseconds),
    totp: () => account.code(),
    createRepository: async (name, region = firstRegion, more = {}) => {
      const files = more.files ?? { 'README.md': `# ${name}\n` }
      const made = await repositories.create(more.account ?? developmentAccount, region, name, files)
      return { region, name, folder: made, url: `https://git-codecommit.${region}.amazonaws.com/v1/repos/${name}` }
    },
    expireSessions: () => store.expireAll(now().getTime()),
    endPortalSessions: () => portal.endSessions(),
    stop,
  }
}

function folderOf(options: SandboxOptions): string {
  if (options.folder === undefined) return realpathSync(mkdtempSync(path.join(os.tmpdir(), 'awsfed-sandbox-')))
  mkdirSync(options.folder, { recursive: true, mode: 0o700 })
  return realpathSync(options.folder)
}

/** CodeCommit's hosts, plain and FIPS, to their regions. */
function hostsOf(regions: readonly string[]): Map<string, string> {
  return new Map(
    regions.flatMap((region): [string, string][] => [
      [`git-codecommit.${region}.amazonaws.com`, region],
      [`git-codecommit-fips.${region}.amazonaws.com`, region],
    ]),
  )
}

/** What points a shell at the sandbox, and away from the user's own AWS files. */
function environmentOf(paths: ReturnType<typeof homePaths>, stsPort: number): Record<string, string> {
  return {
    AWSFED_HOME: paths.home,
    // The user's own keyring is not the sandbox's.
    AWSFED_KEYRING: 'never',
    GIT_CONFIG_GLOBAL: paths.gitConfig,
    AWS_ENDPOINT_URL_STS: `https://127.0.0.1:${stsPort}`,
    AWS_CA_BUNDLE: paths.ca,
    AWS_CONFIG_FILE: path.join(paths.aws, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: path.join(paths.aws, 'credentials'),
    // A company's proxy cannot reach this machine's loopback.
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
  }
}

/** GIT_SSL_CAINFO outranks http.sslCAInfo (git-config(1)): where it is set, a copy of its file that knows the sandbox too. */
function gitTrust(
  env: Readonly<Record<string, string | undefined>>,
  paths: ReturnType<typeof homePaths>,
  certificate: string,
): Record<string, string> {
  const { GIT_SSL_CAINFO: own } = env
  if (own === undefined) return {}
  writeWhole(paths.gitTrust, `${certificate}${readIfThere(own) ?? ''}`, 0o644)
  return { GIT_SSL_CAINFO: paths.gitTrust }
}

/** git on the server's side: nobody's configuration, and of the environment only what a program needs to start. */
function serverGitEnvironment(env: Readonly<Record<string, string | undefined>>, folder: string): Record<string, string> {
  const kept = ['PATH', 'Path', 'SystemRoot', 'SYSTEMROOT', 'TEMP', 'TMP', 'TMPDIR', 'LD_LIBRARY_PATH']
  return {
    ...Object.fromEntries(kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
    HOME: folder,
    LANG: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: os.devNull,
  }
}

/** Readable to type: `k7fw-2mqp-x3zt`. */
function newPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  const group = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('')
  return `${group()}-${group()}-${group()}`
}
