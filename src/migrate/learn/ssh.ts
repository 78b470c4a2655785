import { execFile } from 'node:child_process'
import { userInfo } from 'node:os'
import type { World } from '../../base/world.ts'
import type { SshHost } from '../url/translate.ts'

/**
 * What ssh makes of each of `hosts`, by `ssh -G`; those that it could not be asked for are missing. It runs the commands of
 * `Match exec` in ssh_config, so it is asked for hosts only that a URL of CodeCommit's form uses, and each once.
 */
export async function sshHosts(hosts: Iterable<string>, { env }: Pick<World, 'env'>): Promise<Map<string, SshHost>> {
  const local = localUser()
  const answers = new Map<string, SshHost>()
  for (const host of hosts) {
    const output = await ask(host, env)
    const answer = output === undefined ? undefined : parseAnswer(output, local)
    if (answer) answers.set(host, answer)
  }
  return answers
}

/** `name value` lines; the user is that of ssh_config unless it is the one that ssh falls back on. */
export function parseAnswer(output: string, local: string | undefined): SshHost | undefined {
  const values = new Map<string, string>()
  for (const [, name = '', value = ''] of output.matchAll(/^(hostname|user|port) (.*?)\r?$/gm)) values.set(name, value)
  const hostname = values.get('hostname')
  if (hostname === undefined) return undefined
  const user = values.get('user')
  const fallback = user === undefined || (local !== undefined && withoutDomain(user) === withoutDomain(local))
  return { hostname, user: fallback ? undefined : user, port: Number(values.get('port') ?? 22) }
}

/** Windows' `CORP\jane` is jane, in any case. */
function withoutDomain(user: string): string {
  return user.replace(/^.*\\/, '').toLowerCase()
}

function ask(host: string, env: World['env']): Promise<string | undefined> {
  return new Promise((resolve) => {
    // Without a terminal: whatever `Match exec` runs has nobody to ask.
    const child = execFile('ssh', ['-G', '--', host], { env, windowsHide: true, timeout: 30_000 }, (error, stdout) => {
      resolve(error ? undefined : stdout)
    })
    child.stdin?.end()
  })
}

function localUser(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined // a user id without a name: ssh refuses to run then
  }
}
