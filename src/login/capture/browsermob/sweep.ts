/** What a login has in a daemon, or has started: all that must be gone after it. */
export interface Belongings {
  /** The daemon's origin. */
  readonly url: string
  /** Random, and of this login alone: its proxies answer it (`markOf`), and its daemon's processes have it in their environment. */
  readonly id: string
  readonly proxies: readonly number[]
  /** The process that started the daemon, and leads its group: 0 before it is there. Undefined for a daemon of another's. */
  readonly daemon: number | undefined
}

/** The variable by which the processes of a daemon that we have started are known. */
export const daemonVariable = 'AWSFED_BROWSERMOB'

/** A URL that nothing has: our proxies answer it themselves, which shows whose they are, and that a browser goes through them. */
export function markOf(id: string): string {
  return `http://awsfed-${id}.invalid/`
}

/**
 * Removes `belongings` without what this process knows of them: the processes of a daemon that we have started, asked to end and
 * after two seconds made to, and the proxies that bear our mark. Never rejects. May be called again.
 *
 * A process of its own runs this function alone, by its text (see `leftovers.ts`): it must refer to nothing outside of itself.
 */
export async function sweep(belongings: Belongings, platform: NodeJS.Platform): Promise<void> {
  const fs = process.getBuiltinModule('node:fs')
  const http = process.getBuiltinModule('node:http')
  const { spawnSync } = process.getBuiltinModule('node:child_process')
  const { url, id, proxies, daemon } = belongings
  const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

  /** The answer's text; undefined where there is none. */
  const asked = (method: string, path: string) =>
    new Promise<string | undefined>((resolve) => {
      const request = http.request(`${url}/${path}`, { method, agent: false, timeout: 5_000 }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        response.on('error', () => resolve(undefined))
        response.on('end', () => resolve(text))
      })
      request.on('timeout', () => request.destroy())
      request.on('error', () => resolve(undefined))
      request.end()
    })

  /** The processes that have our mark in their environment (Linux), however they have come apart from the one we started. */
  const marked = () =>
    fs.readdirSync('/proc').filter((name) => {
      if (!/^\d+$/.test(name) || Number(name) === process.pid) return false
      try {
        if (!fs.readFileSync(`/proc/${name}/environ`, 'latin1').includes(`AWSFED_BROWSERMOB=${id}\0`)) return false
        return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${name}/status`, 'latin1'))
      } catch {
        return false // another user's, or gone
      }
    })

  /** Signals the daemon's processes; whether there were any. */
  const signalled = (group: number, signal: NodeJS.Signals | 0): boolean => {
    const targets = platform === 'linux' ? marked().map(Number) : group > 0 ? [-group] : []
    return (
      targets.filter((target) => {
        try {
          return process.kill(target, signal)
        } catch {
          return false
        }
      }).length > 0
    )
  }

  if (daemon && platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(daemon), '/t', '/f'], { stdio: 'ignore', windowsHide: true })
  } else if (daemon !== undefined && platform !== 'win32') {
    signalled(daemon, 'SIGTERM')
    for (let round = 0; round < 40 && signalled(daemon, 0); round++) await pause(50)
    while (signalled(daemon, 'SIGKILL')) await pause(50)
  }
  // Another program may have made a proxy at this port, in a daemon that was started anew: only what bears our mark is ours.
  const owned = async (port: number) => (await asked('GET', `proxy/${port}/blacklist`))?.includes(`awsfed-${id}`)
  await Promise.all(proxies.map(async (port) => ((await owned(port)) ? asked('DELETE', `proxy/${port}`) : undefined)))
}
