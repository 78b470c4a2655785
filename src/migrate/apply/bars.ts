import path from 'node:path'
import { posixWord } from '../../base/shellLines.ts'
import { printable } from '../../base/text.ts'
import { partsOf } from '../../git/config.ts'
import type { Bar } from '../find/fence.ts'
import { realOf } from '../find/gitDir.ts'
import type { Edit } from '../plan.ts'
import type { Astray } from './destination.ts'
import { beyond, type Setting } from './setting.ts'

/** That a URL would lead elsewhere, with the rule that does it, and how to be rid of it. */
export function astrayBar({ was, is, push, rule, holds }: Astray): Bar {
  const { key, value, file } = rule.setting
  const does = push ? 'push to' : 'fetch from'
  const said = `${key} = ${value} in ${file}`
  if (holds === 'new') {
    const hint = `take that rule away, then run awsfed migrate again: ${gitConfig(file, '--fixed-value', '--unset-all', key, value)}`
    return shown({ reason: `git would ${does} ${is} then, by the rule ${said}`, hint })
  }
  const hint = `write that rule for ${is} too, or take it away, in ${file}; then run awsfed migrate again`
  return shown({ reason: `git would ${does} ${is} then, and not ${was} any more, as by the rule ${said}`, hint })
}

/** Settings that a person should hear of first. */
const weighty = ['user.email', 'core.sshcommand']
const names: Readonly<Record<string, string>> = { 'core.sshcommand': 'core.sshCommand' }

/**
 * That settings would change beside the planned ones, with the condition that does it.
 * @param wanted what git should read, `after` what it would
 */
export function changedBar(wanted: readonly Setting[], after: readonly Setting[], edits: readonly Edit[], home: string): Bar {
  const lost = beyond(wanted, after)
  const gained = beyond(after, wanted)
  const differing = [...lost, ...gained]
  const one = weighty.flatMap((key) => differing.find((setting) => setting.key === key) ?? [])[0] ?? differing[0]
  if (!one) return { reason: 'git would read its settings in another order', hint: 'change that URL by hand' }
  const rule = conditionFor(one.file, wanted, home)
  const change = changeOf(one.key, wanted, after)
  if (!rule) return shown({ reason: `${change}, set in ${one.file}`, hint: `look at ${one.file}, or change the URL by hand` })
  const condition = `[includeIf "${partsOf(rule.key).subsection}"] in ${rule.file}`
  if (!lost.includes(one)) {
    return shown({
      reason: `${change}: ${condition} would hold`,
      hint: `narrow that condition or take it away, then run awsfed migrate again: ${gitConfig(rule.file, '--edit')}`,
    })
  }
  const added = `includeIf.hasconfig:remote.*.url:${newPattern(edits)}.path`
  return shown({
    reason: `${change}: ${condition} would not hold any more`,
    hint: `have it hold for the new URL too, then run awsfed migrate again: ${gitConfig(rule.file, '--add', added, rule.value)}`,
  })
}

function changeOf(key: string, wanted: readonly Setting[], after: readonly Setting[]): string {
  const name = names[key] ?? key
  // Other values may be secrets (http.extraHeader, for one).
  if (!weighty.includes(key)) return `${name} would change`
  const [now, then] = [wanted, after].map((settings) => settings.findLast((setting) => setting.key === key)?.value)
  if (then === undefined) return `${name} would be lost, which is ${now}`
  if (now === then) return `${name} would stay ${now}, but be set another number of times`
  return now === undefined ? `${name} would become ${then}` : `${name} would change from ${now} to ${then}`
}

/** The `includeIf "hasconfig:…"` by which git reads `file`, or else any: what it includes may include that. */
function conditionFor(file: string, settings: readonly Setting[], home: string): Setting | undefined {
  const conditions = settings.filter(({ key }) => /^includeif\.hasconfig:.*\.path$/s.test(key))
  const leads = ({ value, file: from }: Setting) =>
    realOf(/^~[\\/]/.test(value) ? path.join(home, value.slice(2)) : path.resolve(path.dirname(from), value)) === file
  return conditions.find(leads) ?? conditions[0]
}

/** A pattern for all of the host that the first edit moves to. */
function newPattern(edits: readonly Edit[]): string {
  const url = edits.find(({ kind }) => !kind.startsWith('url.'))?.to ?? ''
  return `${/^[^:]+::?[^/]*\/\/[^/]*/.exec(url)?.[0] ?? url}/**`
}

function gitConfig(file: string, ...args: string[]): string {
  return ['git config --file', ...[file, ...args].map(posixWord)].join(' ')
}

/** What a file holds may have any characters. */
function shown({ reason, hint }: Bar): Bar {
  return { reason: printable(reason), hint: printable(hint) }
}
