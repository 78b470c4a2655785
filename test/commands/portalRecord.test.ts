import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readRecipe } from '../../src/login/portal/recipes/read.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { pidsOf } from '../login/browser/support.ts'
import { startOddPortal } from '../login/portal/record/oddPortal.ts'
import { canHaveDisplay, displayForTest } from '../support/display.ts'
import { type Hands, handsAt } from '../support/hands.ts'
import { programs, run } from '../support/programs.ts'
import { newHome } from './home.ts'

/** Records at a home, by the hands of a person who `does` it all in the window. */
async function recorded(
  home: { env: Record<string, string>; home: string; state: string },
  args: readonly string[],
  does: (hands: Hands, program: { kill(signal: NodeJS.Signals): boolean }) => Promise<void>,
) {
  const display = await displayForTest()
  let person: Promise<void> | undefined
  const outcome = await run(process.execPath, [programs.awsfed, 'portal', 'record', ...args], {
    env: { ...home.env, DISPLAY: display },
    cwd: home.home,
    onStart: (child) => {
      let seen = ''
      child.stderr?.on('data', (text) => {
        seen += text
        if (person || !seen.includes('sign in in the window')) return
        person = handsAt(path.join(home.state, 'browsers')).then((hands) => does(hands, child).finally(() => hands.leaves()))
      })
    },
  })
  await person
  return outcome
}

const stateOf = (home: { paths: { state: string } }) => home.paths.state

describe.skipIf(!canHaveDisplay)(
  'what a person does in the window becomes a recipe that `check` passes',
  { timeout: 120_000 },
  () => {
    test('the sandbox', async () => {
      const sandbox = await startSandbox()
      try {
        const home = {
          env: { ...process.env, ...sandbox.environment } as Record<string, string>,
          home: sandbox.folder,
          state: path.join(sandbox.home, 'state'),
        }
        const outcome = await recorded(home, ['-o', 'corp.toml'], async (hands) => {
          await hands.clicks('document.querySelector("#userNameInput")')
          await hands.types(sandbox.user)
          await hands.presses('Tab')
          await hands.types(sandbox.password)
          await hands.clicks('document.querySelector("#submitButton")')
          await hands.clicks('document.querySelector("#verificationCodeInput")')
          await hands.types(sandbox.totp())
          await hands.presses('Enter')
        })
        expect(outcome.code, outcome.stderr).toBe(0)
        expect(outcome.stdout).toBe('')
        const recipe = readFileSync(path.join(sandbox.folder, 'corp.toml'), 'utf8')
        expect(
          recipe.replace(/localhost:\d+/g, 'PORTAL'),
        ).toBe(`# Recorded at PORTAL by \`awsfed portal record\`. What a rule acts on must be shown for it to fire; each fires once, or \`max\` times.

[[rule]]
name = "name and password"
url = "https://PORTAL/"
fill = { "#userNameInput" = "username", "#passwordInput" = "password" }
click = "#submitButton"

[[rule]]
name = "code"
url = "https://PORTAL/"
fill = { "#verificationCodeInput" = "otp" }
`)
        expect(recipe + outcome.stderr).not.toMatch(new RegExp(`${sandbox.password}|${sandbox.user}|\\b\\d{6}\\b`))
        const check = await run(process.execPath, [programs.awsfed, 'portal', 'check', '--recipe', './corp.toml', '--json'], {
          env: { ...home.env, AWSFED_INTERACTIVE: 'never' },
          cwd: sandbox.folder,
        })
        expect(check.code, check.stderr).toBe(0)
        expect(JSON.parse(check.stdout)).toMatchObject({
          assertion: true,
          unused: [],
          steps: [{ rule: 'corp: name and password' }, { rule: 'corp: code' }],
        })
      } finally {
        await sandbox.stop()
      }
    })

    test('a portal with frames of another site, shadow roots, ids that are new each time, boxes and a banner', async () => {
      const portal = await startOddPortal()
      const home = newHome({
        config: `[portal.odd]\nurl = "${portal.url}"\nusername = "jane"\npassword_command = "echo correct-horse"\notp_command = "echo 123456"\n`,
      })
      const outcome = await recorded({ ...home, state: stateOf(home) }, ['--portal', 'odd'], async (hands) => {
        await hands.clicks('document.querySelector(".banner button")')
        const root = 'document.querySelector("x-field").shadowRoot'
        await hands.clicks(`${root}.querySelector("input")`, 'localhost')
        await hands.types('jane')
        await hands.clicks(`${root}.querySelector("[role=button]")`, 'localhost')
        await hands.clicks('document.querySelector("input[type=password]")')
        await hands.types('correct-horse')
        await hands.clicks('document.querySelector("button[type=button]")')
        await hands.clicks('document.querySelector("input[name=merken]")')
        await hands.clicks('document.querySelector("form > button:not([type])")')
        await hands.clicks('document.querySelector(".ziffer")')
        await hands.types('123456')
        await hands.clicks('document.querySelector("button[value=ja]")')
      })
      expect(outcome.code, outcome.stderr).toBe(0)
      const reading = readRecipe(outcome.stdout, 'odd')
      expect(outcome.stdout).not.toMatch(/jane|correct-horse|123456|:r\d/)
      if (reading.kind !== 'rules') throw new Error(outcome.stdout)
      expect(
        reading.rules.map(({ fill, check, click }) => ({ fill, check, click })),
        outcome.stdout,
      ).toEqual([
        { fill: { 'input[name="kennung"]': 'username' }, check: undefined, click: 'div[data-testid="weiter"]' },
        {
          fill: { 'input[aria-label="Geheimnis"]': 'password' },
          check: ['input[name="merken"]'],
          click: 'button:not([type=button])',
        },
        { fill: { 'input.ziffer': 'otp' }, check: undefined, click: undefined },
        { fill: undefined, check: undefined, click: 'button:not([type=button])' },
        { fill: undefined, check: undefined, click: 'button[name="bleiben"][value="ja"]' },
      ])
      writeFileSync(path.join(home.home, 'odd.toml'), outcome.stdout)
      const check = await home.awsfed(['portal', 'check', '--portal', 'odd', '--recipe', 'odd.toml', '--json'], {
        AWSFED_INTERACTIVE: 'terminal',
      })
      expect(check.code, check.stderr + check.stdout).toBe(0)
      const { steps, unused } = JSON.parse(check.stdout)
      expect(steps.map(({ rule }: { rule: string | null }) => rule)).not.toContain(null)
      // The banner is in nobody's way.
      expect(unused).toEqual(['odd: Na gut'])
    })
  },
)

describe.skipIf(!canHaveDisplay)('a recording that is given up leaves nothing', { timeout: 60_000 }, () => {
  const begun = async (ends: (hands: Hands, program: { kill(signal: NodeJS.Signals): boolean }) => Promise<void>) => {
    const portal = await startOddPortal()
    const home = newHome()
    const outcome = await recorded({ ...home, state: stateOf(home) }, [portal.url, '-o', 'odd.toml'], async (hands, program) => {
      await hands.clicks('document.querySelector(".banner button")')
      await ends(hands, program)
    })
    expect(existsSync(path.join(home.home, 'odd.toml'))).toBe(false)
    expect(pidsOf(stateOf(home))).toEqual([])
    expect(readdirSync(path.join(stateOf(home), 'browsers'))).toEqual([])
    return outcome
  }
  test('the window is closed: exit 130, and what to do', async () => {
    const outcome = await begun((hands) => hands.closesWindow())
    expect(outcome).toMatchObject({ code: 130, stdout: '' })
    expect(outcome.stderr).toContain(
      'awsfed: the window was closed before the portal had let you in: there is no recipe\n  hint: run `awsfed portal record` again',
    )
  })
  test('Ctrl-C: exit 130', async () => {
    const outcome = await begun(async (_, program) => void program.kill('SIGINT'))
    expect(outcome).toMatchObject({ code: 130, stdout: '' })
    expect(outcome.stderr).toMatch(/\nawsfed: cancelled by SIGINT\n$/)
  })
})

test('without a display: exit 1, and why', async () => {
  const outcome = await newHome().awsfed(['portal', 'record'])
  expect(outcome).toMatchObject({ code: 1, stdout: '' })
  expect(outcome.stderr).toContain('awsfed: a recipe is recorded in a window, and none can be opened: there is no display')
})

test('a file that is there is not overwritten', async () => {
  const home = newHome()
  mkdirSync(path.join(home.home, 'r'))
  writeFileSync(path.join(home.home, 'r', 'mine.toml'), '# mine')
  const outcome = await home.awsfed(['portal', 'record', '-o', 'r/mine.toml'])
  expect(outcome).toMatchObject({ code: 1, stdout: '' })
  expect(outcome.stderr).toContain('mine.toml is there already')
  expect(home.read('r', 'mine.toml')).toBe('# mine')
})
