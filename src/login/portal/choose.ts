import { AwsfedError } from '../../base/errors.ts'
import type { Engine } from './engine.ts'
import type { Choice, Finding } from './finding.ts'

type List = Extract<Finding, { kind: 'choice' }>

/** Chooses from a list: what the configuration says, the only one there is, or what the person answers. */
export async function chooseFrom(engine: Engine, list: List): Promise<void> {
  const chosen = await choiceOf(engine, list)
  if (!chosen || engine.over.aborted) return
  engine.trace(`portal: chosen "${chosen.text}"`)
  if (chosen.option !== undefined) await engine.page.select(chosen.handle, chosen.option)
  else if (chosen.radio) await engine.page.check(chosen.handle)
  else await engine.page.click(chosen.handle)
  if (chosen.radio && list.submit !== undefined) await engine.page.click(list.submit)
}

async function choiceOf(engine: Engine, list: List): Promise<Choice | undefined> {
  const { portal, answers } = engine
  // Security keys and passkeys need the person's own browser window.
  const choices = list.choices.filter(({ factor }) => list.about !== 'factor' || factor !== 'key')
  if (choices.length === 0) {
    throw new AwsfedError(
      'failed',
      `the portal offers nothing but a security key or a passkey: ${list.choices.map(({ text }) => text).join(', ')}`,
      {
        hint: 'sign in by hand with `awsfed login --window`',
      },
    )
  }
  const user = (engine.user ?? portal.username)?.toLowerCase()
  const known =
    list.about === 'factor'
      ? choices.filter(({ factor }) => factor === portal.mfa)
      : choices.filter(({ text }) => user !== undefined && text.toLowerCase().includes(user))
  if (known[0] && (known.length === 1 || list.about === 'account')) return known[0]
  const open = known.length > 1 ? known : choices
  if (open.length === 1) return open[0]
  return open[
    await answers.choose(
      list.title,
      open.map(({ text }) => text),
    )
  ]
}
