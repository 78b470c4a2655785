import type { Finding } from '../../../src/login/portal/finding.ts'
import type { View } from '../../../src/login/portal/view.ts'

/** What a page wants, in one line: elements by their id, name or text. */
export function described(view: View, findings: readonly Finding[]): string {
  const [first, next] = findings
  const line = first ? one(view, first) : 'nothing'
  return first?.kind === 'press' && next?.kind === 'form' ? `${line}, then ${one(view, next)}` : line
}

function one(view: View, finding: Finding): string {
  const field = (handle: string) => {
    const found = view.fields.find((each) => each.handle === handle)
    return found ? found.id || found.name || found.label : '?'
  }
  const button = (handle: string) => {
    const found = view.buttons.find((each) => each.handle === handle)
    return found ? found.id || found.name || found.text : '?'
  }
  const or = (other: string | undefined) =>
    other === undefined ? '' : `; or ${view.buttons.find(({ handle }) => handle === other)?.text ?? '?'}`
  switch (finding.kind) {
    case 'form':
      return [
        'form',
        ...finding.fills.map(({ role, handles }) => `${role}=${handles.map(field).join('+')}`),
        ...(finding.selects ?? []).map(({ handle }) => `ask=${field(handle)}`),
        ...finding.checks.map((handle) => `check=${field(handle)}`),
        `submit=${finding.submit === undefined ? 'Enter' : button(finding.submit)}`,
      ].join(' ')
    case 'choice':
      return `choice of ${finding.about}: ${finding.choices.map(({ factor, text }) => factor ?? text).join(', ')}${or(finding.other)}`
    case 'approval':
      return `approval ${finding.number ?? 'without a number'}`
    case 'press':
      return `press ${view.buttons.find(({ handle }) => handle === finding.button)?.text ?? '?'}`
    case 'interrupt':
      return `interrupt: ${finding.wants}${or(finding.other)}`
    case 'unreachable':
      return `unreachable: ${finding.error}`
    case 'nothing':
      return 'nothing'
  }
}
