import { readdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { readIfThere } from '../../src/base/files.ts'

/**
 * A person's hands and eyes at the window of a browser that another process has opened: real events of mouse and keyboard, by
 * the browser's own devtools.
 */
export interface Hands {
  /** Waits until `expression`, an element, is shown; `frame` is a part of the address of the frame that it is in. */
  sees(expression: string, frame?: string): Promise<void>
  /** Presses the mouse in the middle of an element. */
  clicks(expression: string, frame?: string): Promise<void>
  /** Types on the keyboard, wherever the focus is. */
  types(text: string): Promise<void>
  presses(key: 'Enter' | 'Tab'): Promise<void>
  closesWindow(): Promise<void>
  leaves(): void
}

/** The hands at the one browser whose profile is below `folder`. */
export async function handsAt(folder: string): Promise<Hands> {
  const devtools = await connected(await socketUrlIn(folder))
  const sessions = new Map<string, string>()

  /** The session of the first page, or of the frame of another site whose address contains `frame`. */
  const sessionOf = async (frame?: string): Promise<string | undefined> => {
    const { targetInfos } = (await devtools.send('Target.getTargets')) as {
      targetInfos: { targetId: string; type: string; url: string }[]
    }
    const target = targetInfos.find(({ type, url }) =>
      frame === undefined ? type === 'page' : type === 'iframe' && url.includes(frame),
    )
    if (!target) return undefined
    const known = sessions.get(target.targetId)
    if (known) return known
    const { sessionId } = (await devtools.send('Target.attachToTarget', { targetId: target.targetId, flatten: true })) as {
      sessionId: string
    }
    sessions.set(target.targetId, sessionId)
    return sessionId
  }
  const inPage = async (expression: string, frame?: string): Promise<unknown> => {
    try {
      const session = await sessionOf(frame)
      if (!session) return undefined
      const { result } = (await devtools.send('Runtime.evaluate', { expression, returnByValue: true }, session)) as {
        result: { value?: unknown }
      }
      return result.value
    } catch {
      return undefined // between two pages
    }
  }
  /** The middle of an element that is shown and has come to rest. */
  const middleOf = async (expression: string, frame?: string): Promise<[number, number]> => {
    let before = ''
    for (;;) {
      const box = await inPage(
        `(() => { const e = ${expression}; if (!e || document.readyState !== 'complete') return; const b = e.getBoundingClientRect(); return b.width > 0 ? [b.x + b.width / 2, b.y + b.height / 2] : undefined })()`,
        frame,
      )
      if (Array.isArray(box) && String(box) === before) return box as [number, number]
      before = String(box)
      await delay(100)
    }
  }
  const page = async () => {
    const session = await sessionOf()
    if (!session) throw new Error('there is no page')
    return session
  }
  const key = async (type: string, more: object) => devtools.send('Input.dispatchKeyEvent', { type, ...more }, await page())
  const codes = {
    Enter: { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' },
    Tab: { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 },
  }

  return {
    async sees(expression, frame) {
      await middleOf(expression, frame)
    },
    async clicks(expression, frame) {
      let [x, y] = await middleOf(expression, frame)
      if (frame !== undefined) {
        const outer = (await inPage(
          `(() => { const b = document.querySelector('iframe[src*="${frame}"]').getBoundingClientRect(); return [b.x, b.y] })()`,
        )) as [number, number]
        x += outer[0] + 2
        y += outer[1] + 2
      }
      const at = { x, y, button: 'left', clickCount: 1 }
      const session = await page()
      const mouse = (type: string) => devtools.send('Input.dispatchMouseEvent', { type, ...at }, session)
      await mouse('mousePressed')
      await lastly(mouse('mouseReleased'))
    },
    async types(text) {
      for (const character of text) {
        await key('keyDown', { text: character, key: character })
        await lastly(key('keyUp', { key: character }))
      }
    },
    async presses(name) {
      await key('keyDown', codes[name])
      await lastly(key('keyUp', codes[name]))
    },
    async closesWindow() {
      await devtools.send('Page.close', {}, await page())
    },
    leaves: () => devtools.close(),
  }
}

/** The last event may find that the window has been closed: what it ends has let the person in. */
async function lastly(sent: Promise<unknown>): Promise<void> {
  await sent.catch(() => {})
}

/** Chromium writes the address of its devtools into its profile. */
async function socketUrlIn(folder: string): Promise<string> {
  for (;;) {
    const runs = readdirSync(folder, { withFileTypes: true }).map(({ name }) => name)
    for (const run of runs) {
      const [port, address] = readIfThere(path.join(folder, run, 'DevToolsActivePort'))?.split('\n') ?? []
      if (port && address) return `ws://127.0.0.1:${port}${address}`
    }
    await delay(50)
  }
}

async function connected(url: string) {
  const socket = new WebSocket(url, { perMessageDeflate: false })
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  let last = 0
  socket.on('message', (data) => {
    const { id, result, error } = JSON.parse(String(data)) as { id?: number; result?: unknown; error?: { message: string } }
    const caller = id === undefined ? undefined : waiting.get(id)
    if (id !== undefined) waiting.delete(id)
    if (error) caller?.reject(new Error(error.message))
    else caller?.resolve(result)
  })
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('the browser has gone'))
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => {})
  return {
    send: (method: string, params: object = {}, sessionId?: string): Promise<unknown> =>
      new Promise((resolve, reject) => {
        last += 1
        waiting.set(last, { resolve, reject })
        socket.send(JSON.stringify({ id: last, method, params, ...(sessionId && { sessionId }) }))
      }),
    close: () => socket.terminate(),
  }
}
