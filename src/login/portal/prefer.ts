import type { Factor } from '../../base/config.ts'
import { againWords, sentWords } from './buttonWords.ts'
import type { Engine } from './engine.ts'
import { factorOf, type OfferedFactor } from './factors.ts'
import type { Finding } from './finding.ts'
import { buttonChoice } from './lists.ts'
import { otherWayOf } from './obstacles.ts'
import type { Button, View } from './view.ts'

/**
 * The factor that is wanted where the portal lets choose: that of the configuration, else the one that its command answers without
 * a person. Undefined: whoever signs in is asked.
 */
export function wantedFactor({ portal, avoided }: Pick<Engine, 'portal' | 'avoided'>): Factor | undefined {
  const wanted = portal.mfa ?? (portal.otpCommand === undefined ? undefined : 'totp')
  return wanted === avoided ? undefined : wanted
}

/** A way from a page that is about another factor than the `wanted` one: to that one at once, else to the list of them. */
export function towards(wanted: Factor, view: View, first: Finding): Finding | undefined {
  const here = factorHere(view, first)
  if (here === undefined || here === wanted || (here === 'code' && wanted !== 'push' && wanted !== 'call')) return undefined
  const button = buttonTo(wanted, view) ?? known(view, first) ?? otherWayOf(view) ?? menuOf(view)
  if (!button) return undefined
  return {
    kind: 'press',
    why: `the page is about ${here}, ${wanted} is wanted, and "${button.text || button.label}" leads there`,
    button: button.handle,
    checks: [],
    patient: false,
  }
}

/** What a recipe knows to lead to the other ways. */
function known(view: View, finding: Finding): Button | undefined {
  const handle = finding.kind === 'approval' ? finding.otherWay : undefined
  return view.buttons.find((button) => button.handle === handle && button.enabled)
}

/** The button of a page that leads to `factor` itself: "use a code instead". */
export function buttonTo(factor: Factor, view: View): Button | undefined {
  return view.buttons.find((button) => buttonChoice(button)?.factor === factor && !againWords.find(button.text))
}

/** What a page that asks for one factor is about; undefined for any other page, and where it could be the wanted one. */
function factorHere(view: View, finding: Finding): OfferedFactor | 'code' | undefined {
  const said = () => view.texts.filter(({ kind }) => kind !== 'label').map(({ text }) => text)
  switch (finding.kind) {
    case 'approval':
      return said().some((text) => factorOf(text) === 'call') && !said().some((text) => factorOf(text) === 'push')
        ? 'call'
        : 'push'
    case 'press': {
      const button = view.buttons.find(({ handle }) => handle === finding.button)
      return finding.patient ? undefined : sendsWhat(view, button)
    }
    case 'form':
      return finding.fills.length === 1 && finding.fills[0]?.role === 'otp' ? codeBy(said(), finding.fills[0].title) : undefined
    case 'interrupt':
      return finding.other === undefined ? undefined : 'key'
    default:
      return undefined
  }
}

/** How the code comes that a page asks for. */
function codeBy(said: readonly string[], title: string | undefined): OfferedFactor | 'code' {
  const factors = [...(title === undefined ? [] : [title]), ...said].map(factorOf)
  if (factors.includes('sms')) return 'sms'
  if (factors.includes('email')) return 'email'
  if (factors.includes('totp')) return 'totp'
  const sent = said.filter((text) => sentWords.find(text))
  return sent.length === 0 ? 'code' : sent.some((text) => text.includes('@')) ? 'email' : 'sms'
}

function sendsWhat(view: View, button: Button | undefined): OfferedFactor | undefined {
  const texts = [button?.text ?? '', ...view.texts.filter(({ kind }) => kind === 'heading').map(({ text }) => text)]
  return texts.map(factorOf).find((factor) => factor === 'sms' || factor === 'email' || factor === 'push' || factor === 'call')
}

/** A menu of factors that is closed: it says which one is shown, or only that it opens. */
function menuOf(view: View): Button | undefined {
  return view.buttons.find(
    (button) =>
      button.enabled &&
      button.opens &&
      (factorOf(button.text) ?? factorOf(button.label) ?? /factor|faktor|facteur|fattore|fator/i.exec(button.label)),
  )
}
