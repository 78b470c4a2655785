import { messageOf } from '../../base/errors.ts'
import type { World } from '../../base/world.ts'
import type { Connection } from '../browser/connection.ts'
import { unanswered } from './failures.ts'

/** The world of a script of ours: it shares the page's elements, and nothing else with the page's scripts. */
const apart = 'awsfed'
const binding = 'awsfedTell'

/** `Capture.observe` by the devtools protocol. */
export async function observeByDevtools(
  devtools: Connection,
  script: string,
  { told, trace }: { told: (text: string) => void; trace: World['trace'] },
): Promise<void> {
  const attach = {
    autoAttach: true,
    // A page does not begin before the script is in it.
    waitForDebuggerOnStart: true,
    flatten: true,
    filter: [{ type: 'page' }, { type: 'iframe' }, { exclude: true }],
  }
  const source = `(${script})((text) => ${binding}(text))`
  const prepare = async (session: string) => {
    try {
      // Without Runtime enabled its bindings are silent.
      await Promise.all([devtools.send('Page.enable', {}, session), devtools.send('Runtime.enable', {}, session)])
      await Promise.all([
        devtools.send('Runtime.addBinding', { name: binding, executionContextName: apart }, session),
        devtools.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName: apart, runImmediately: true }, session),
        // Frames of other sites are targets of their own.
        devtools.send('Target.setAutoAttach', attach, session),
      ])
    } finally {
      await devtools.send('Runtime.runIfWaitingForDebugger', {}, session)
    }
  }
  devtools.on('Target.attachedToTarget', ({ sessionId }) => {
    // A window that was closed at once.
    prepare(String(sessionId)).catch((error: unknown) => trace(`capture: a page is not observed: ${messageOf(error)}`))
  })
  devtools.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name === binding) told(String(payload))
  })
  try {
    await devtools.send('Target.setAutoAttach', attach)
  } catch (error) {
    throw unanswered('devtools', error)
  }
}

/** `Capture.observe` by WebDriver BiDi. */
export async function observeByBidi(bidi: Connection, script: string, told: (text: string) => void): Promise<void> {
  bidi.on('script.message', ({ channel, data }) => {
    const { type, value } = data as { readonly type?: unknown; readonly value?: unknown }
    if (channel === apart && type === 'string') told(String(value))
  })
  try {
    await bidi.send('session.subscribe', { events: ['script.message'] })
    await bidi.send('script.addPreloadScript', {
      functionDeclaration: script,
      arguments: [{ type: 'channel', value: { channel: apart } }],
      sandbox: apart,
    })
  } catch (error) {
    throw unanswered('WebDriver BiDi', error)
  }
}
