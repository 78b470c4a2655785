import { readdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { readIfThere } from '../../src/base/files.ts'
import type { World } from '../../src/base/world.ts'

/** The person in front of a window that a login has opened: does by hand what is seen on its page. */
export interface Person {
  /** The address of the page, once `expression` is true of it. */
  sees(expression: string): Promise<string>
  /** Runs `script` in the page: presses, fills in. */
  does(script: string): Promise<void>
  closesWindow(): Promise<void>
}

interface Target {
  readonly type: string
  readonly webSocketDebuggerUrl: string
}

/** The person at the one browser that runs for `world`, found by the port that Chromium writes into its profile. */
export function personAt(world: World): Person {
  const evaluate = async (expression: string): Promise<unknown> => {
    const page = await pageOf(world)
    if (!page) return undefined
    return command(page, 'Runtime.evaluate', { expression, returnByValue: true })
  }
  return {
    async sees(expression) {
      for (;;) {
        const address = await evaluate(`document.readyState === 'complete' && (${expression}) ? location.href : ''`)
        if (typeof address === 'string' && address !== '') return address
        await delay(50)
      }
    },
    async does(script) {
      await evaluate(script)
    },
    async closesWindow() {
      const page = await pageOf(world)
      if (page) await command(page, 'Page.close', {})
    },
  }
}

async function pageOf(world: World): Promise<Target | undefined> {
  const folder = path.join(world.paths.state, 'browsers')
  for (const run of readdirSync(folder)) {
    const port = readIfThere(path.join(folder, run, 'DevToolsActivePort'))?.split('\n')[0]
    // The headless one, which may not have ended yet, is not what the person sees.
    if (!port || !(await told(port, 'version'))?.['User-Agent'].includes(' Chrome/')) continue
    const targets = await told(port, 'list')
    return targets?.find(({ type }) => type === 'page')
  }
  return undefined
}

interface Told {
  readonly version: { readonly 'User-Agent': string }
  readonly list: readonly Target[]
}

/** What the browser at `port` tells of itself; undefined when it has ended. */
async function told<What extends keyof Told>(port: string, what: What): Promise<Told[What] | undefined> {
  try {
    return (await (await fetch(`http://127.0.0.1:${port}/json/${what}`)).json()) as Told[What]
  } catch {
    return undefined
  }
}

/** What a command of the devtools protocol returns; undefined when the page has gone. */
function command({ webSocketDebuggerUrl }: Target, method: string, params: object): Promise<unknown> {
  const socket = new WebSocket(webSocketDebuggerUrl, { perMessageDeflate: false })
  return new Promise<unknown>((resolve) => {
    socket.on('open', () => socket.send(JSON.stringify({ id: 1, method, params })))
    socket.on('message', (data) => {
      const { id, result } = JSON.parse(String(data)) as { id?: number; result?: { result?: { value?: unknown } } }
      if (id === 1) resolve(result?.result?.value)
    })
    socket.on('close', () => resolve(undefined))
    socket.on('error', () => resolve(undefined))
  }).finally(() => socket.terminate())
}
