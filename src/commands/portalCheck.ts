import path from 'node:path'
import { Command, Option } from 'clipanion'
import { askingOf } from '../base/asking.ts'
import type { Portal } from '../base/config.ts'
import { counted, printable, shortened } from '../base/text.ts'
import type { Checked } from '../login/checkPortal.ts'
import { lineOf } from '../login/status.ts'
import { PortalCommand } from './portalCommand.ts'
import { columns } from './shown.ts'

type Step = Checked['steps'][number]

export class PortalCheckCommand extends PortalCommand {
  static override paths = [['portal', 'check']]
  static override usage = Command.Usage({
    description: 'tries a recipe against a portal, and tells each step',
    details: `
      Signs in as \`awsfed login\` does, headless and without cookies, up to the assertion, which is sent nowhere. What the
      configuration does not answer is asked on the terminal. Mistakes in the recipe are told first, before any browser
      is opened.

      Each step is a page with what was done there: by which rule, or by detection; why; what was filled in (by its role,
      never the value) and pressed; and how long it took. The pictures of \`--screenshots\` show the pages as they were
      found, without what was typed.

      Exit code 0: the assertion came. Else the last line tells where it stopped. \`--json\` writes
      \`{"portal","recipe","assertion","steps","stoppedAt","error","unused"}\`.
    `,
    examples: [
      ['the portal of the default profile', 'awsfed portal check'],
      ['a recipe that is being written', 'awsfed portal check --portal corp --recipe ./corp.toml --screenshots pictures'],
      ['what awsfed makes of a portal that is not configured', 'awsfed portal check https://sso.example.com/aws'],
    ],
  })

  recipe = Option.String('--recipe', {
    description: 'a recipe file, or the name of a built-in one',
  })
  screenshots = Option.String('--screenshots', { description: 'a folder for a picture of each step' })
  json = Option.Boolean('--json', false, { description: 'prints JSON' })

  override async execute(): Promise<void> {
    const { world, signal } = this.context
    const portal = this.portal()
    const { checkPortal } = await import('../login/checkPortal.ts')
    const checked = await checkPortal(
      world,
      portal,
      { asking: askingOf(world.env), report: (status) => world.say(lineOf(status)), signal },
      { command: `awsfed portal check ${this.named(portal)}`, screenshots: this.screenshots },
    )
    if (this.json) this.printJson(jsonOf(portal, checked))
    else for (const line of linesOf(portal, checked)) this.print(printable(line))
    if (checked.failure) throw checked.failure
  }

  /** With the recipe of the command line: its path is relative to where this is run, not to config.toml. */
  protected override portal(): Portal {
    const portal = super.portal()
    if (this.recipe === undefined) return portal
    return { ...portal, recipe: /[/\\]|^~|\.toml$/i.test(this.recipe) ? path.resolve(this.recipe) : this.recipe }
  }
}

function linesOf(portal: Portal, { steps, at, failure, unused }: Checked): string[] {
  const rows = steps.map((step, index) => [String(index + 1), secondsOf(step), step.page, byOf(step)])
  const [head = '', ...table] = columns([['step', 'time', 'page', 'by'], ...rows])
  const end = failure
    ? `stopped ${at ? `at ${at}` : 'before any page was shown'}, after ${counted(steps.length, 'step')}`
    : `the assertion came after ${counted(steps.length, 'step')}; it was sent nowhere`
  // Of all built-in recipes most rules are of other portals.
  const own = steps.length > 0 && portal.recipe !== 'auto' && unused.length > 0
  return [
    ...(steps.length > 0 ? [head] : []),
    ...steps.flatMap((step, index) => [table[index] ?? '', `      ${didOf(step)}`, `      because ${shortened(step.why, 200)}`]),
    end,
    ...(own ? [`not used: ${unused.join(', ')}`] : []),
  ]
}

function jsonOf(portal: Portal, { steps, at, failure, unused }: Checked) {
  return {
    portal: portal.name,
    recipe: portal.recipe,
    assertion: failure === undefined,
    steps: steps.map(({ page, rule, why, deeds, milliseconds }, index) => ({
      step: index + 1,
      page,
      rule: rule?.name ?? null,
      line: rule?.at ?? null,
      why,
      did: deeds,
      milliseconds,
    })),
    stoppedAt: failure ? at : null,
    error: failure ? { kind: failure.kind, message: failure.message, hint: failure.hint ?? null } : null,
    unused,
  }
}

function byOf({ rule }: Step): string {
  if (!rule) return 'detection'
  return rule.at === undefined ? `rule ${rule.name}` : `rule ${rule.name} (${rule.at})`
}

function didOf({ deeds }: Step): string {
  return deeds
    .map(({ deed, role, what }) => {
      // An element without words is called by its id.
      const named = what && (what.startsWith('#') ? what : `"${what}"`)
      if (deed === 'entered') return 'pressed Enter'
      if (deed === 'waited') return what ? `waited for an approval with the number ${what}` : 'waited for an approval'
      return [deed, role, role && named ? `in ${named}` : named].filter(Boolean).join(' ')
    })
    .join(', ')
}

function secondsOf({ milliseconds }: Step): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
