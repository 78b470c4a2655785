import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../../src/sandbox/sandbox.ts'
import type { Outcome } from '../../../support/programs.ts'
import { programs, run, scrubbedEnvironment, temporaryFolder } from '../../../support/programs.ts'
import { until } from '../../browser/support.ts'
import { startAws, startCompanyProxy, trustStore } from './network.ts'

export const signIn = 'signin.aws.amazon.com'

/**
 * A company: its portal, its proxy, which wants a password, and AWS's sign-in beyond that. `javaOptions` make a Java trust both.
 * With `stop` everything ends.
 */
export async function startCompany(options: SandboxOptions = {}) {
  const sandbox = await startSandbox(options)
  const aws = await startAws(signIn)
  const proxy = await startCompanyProxy('jane:p@ss/word', (host) => (host === signIn ? aws.port : undefined))
  const authority = readFileSync(path.join(sandbox.folder, 'ca.pem'), 'utf8')
  return {
    sandbox,
    aws,
    proxy,
    proxyUrl: `http://jane:${encodeURIComponent('p@ss/word')}@127.0.0.1:${proxy.port}`,
    portalHost: new URL(sandbox.portal.url).host,
    javaOptions: trustStore(sandbox.folder, aws.authority, authority),
    /** Waits until `login` waits for the phone: its password has been typed and sent. */
    async atPhone(login: Promise<Outcome>) {
      const from = sandbox.events.length
      const accepted = () => sandbox.events.slice(from).some(({ what }) => what === 'password accepted')
      const ended = login.then(({ stderr }) => Promise.reject(new Error(`the login ended: ${stderr}`)))
      ended.catch(() => {}) // later than we wait
      await Promise.race([until(accepted), ended])
    },
    async stop() {
      await Promise.all([sandbox.stop(), aws.close(), proxy.close()])
    },
  }
}

export type Company = Awaited<ReturnType<typeof startCompany>>

/** What a user's configuration says beside the sandbox's own. */
interface Settings {
  readonly url: string
  readonly command?: string
  readonly proxy?: string
  /** More lines of [portal.corp]. */
  readonly more?: string
}

/** A user of the company, with a home and a configuration of her own. */
export function userOf({ sandbox }: { sandbox: Sandbox }, { url, command, proxy, more = '' }: Settings) {
  const home = temporaryFolder()
  const folder = path.join(home, 'awsfed')
  const text = (value: string) => JSON.stringify(value)
  const lines = ['capture = "browsermob"', ...(proxy === undefined ? [] : [`proxy = ${text(proxy)}`]), more]
  const table = [
    '[portal.corp.browsermob]',
    `url = ${text(url)}`,
    ...(command === undefined ? [] : [`command = ${text(command)}`]),
  ]
  const own = readFileSync(path.join(sandbox.home, 'config.toml'), 'utf8')
  mkdirSync(folder, { mode: 0o700 })
  writeFileSync(
    path.join(folder, 'config.toml'),
    `${own.replace('[portal.corp]\n', `[portal.corp]\n${lines.join('\n')}\n`)}\n${table.join('\n')}\n`,
  )
  // NO_PROXY of the sandbox leaves its servers out: here the portal is beyond the company's proxy.
  const env = scrubbedEnvironment(home, {
    ...sandbox.environment,
    AWSFED_HOME: folder,
    AWSFED_INTERACTIVE: 'terminal',
    NO_PROXY: undefined,
    no_proxy: undefined,
  })
  return {
    home,
    env,
    state: path.join(folder, 'state'),
    awsfed: (args: readonly string[], options: Partial<Parameters<typeof run>[2]> & { env?: Record<string, string> } = {}) =>
      run(process.execPath, [programs.awsfed, ...args], { ...options, env: { ...env, ...options.env } }),
  }
}

/** What a login has left in its state: records of browsers and of daemons. */
export function leftIn(state: string): string[] {
  return ['browsers', 'browsermob'].flatMap((name) => {
    const folder = path.join(state, name)
    return existsSync(folder) ? readdirSync(folder).map((file) => `${name}/${file}`) : []
  })
}
