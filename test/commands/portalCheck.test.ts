import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { firefoxTrusts } from '../login/browser/firefox.ts'
import { pidsOf } from '../login/browser/support.ts'
import { html, startPortal } from '../login/portal/portalServer.ts'
import { programs, run, scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'
import { newHome } from './home.ts'

const assertion = `<form method="post" action="https://signin.aws.amazon.com/saml"><input type="hidden" name="SAMLResponse" value="${Buffer.from('<Response/>').toString('base64')}"></form><script>document.forms[0].submit()</script>`

describe('at the sandbox', () => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await startSandbox()
  })
  afterAll(() => sandbox.stop())

  const check = (args: readonly string[], home = sandbox.home) =>
    run(process.execPath, [programs.awsfed, 'portal', 'check', ...args], {
      env: scrubbedEnvironment(sandbox.folder, { ...sandbox.environment, AWSFED_HOME: home, AWSFED_INTERACTIVE: 'never' }),
      cwd: sandbox.folder,
    })
  const expectNoSecret = (text: string) => expect(text).not.toMatch(new RegExp(`${sandbox.password}|\\b\\d{6}\\b|jane`))

  test('the steps, by which rule, why and how long; nothing reaches AWS, no cookie is kept', async () => {
    const outcome = await check([])
    expect(outcome.code, outcome.stderr).toBe(0)
    const lines = outcome.stdout
      .replace(/localhost:\d+/g, 'PORTAL')
      .replace(/\d+\.\d s/g, 'TIME')
      .replace(/ {2,}/g, '  ')
      .split('\n')
    expect(lines).toEqual([
      'step  time  page  by',
      '1  TIME  https://PORTAL/adfs/ls/idpinitiatedsignon.aspx  rule adfs: name and password',
      '  filled username in "User name", filled password in "Password", ticked "Keep me signed in", pressed "Sign in"',
      '  because #userNameInput and #passwordInput and #submitButton shown',
      '2  TIME  https://PORTAL/adfs/ls/idpinitiatedsignon.aspx  rule adfs: code',
      '  filled otp in "Verification code from your authenticator app", pressed "Sign in"',
      '  because #verificationCodeInput shown',
      'the assertion came after 2 steps; it was sent nowhere',
      '',
    ])
    expectNoSecret(outcome.stdout)
    expect(outcome.stderr).toMatch(/^opening the portal localhost:\d+\nsigning in as jane@corp\.example\nassertion received\n$/)
    expect(sandbox.events.filter((event) => JSON.stringify(event).includes('AssumeRole'))).toEqual([])
    expect(existsSync(path.join(sandbox.home, 'state', 'cookies'))).toBe(false)
  })

  test('--recipe FILE --json --screenshots: what the file does not know is detected; a picture of each step', async () => {
    writeFileSync(
      path.join(sandbox.folder, 'mine.toml'),
      '[[rule]]\nname = "never"\nclick = "#nothing"\n\n[[rule]]\nname = "first page"\nfill = { "#userNameInput" = "username", "#passwordInput" = "password" }\n',
    )
    const outcome = await check(['--portal', 'corp', '--recipe', './mine.toml', '--json', '--screenshots', 'pictures'])
    expect(outcome.code, outcome.stderr).toBe(0)
    expectNoSecret(outcome.stdout)
    const json = JSON.parse(outcome.stdout)
    expect(json).toMatchObject({ portal: 'corp', assertion: true, stoppedAt: null, error: null, unused: ['mine: never'] })
    expect(json.steps).toMatchObject([
      {
        step: 1,
        rule: 'mine: first page',
        line: 'mine.toml:5',
        did: [{ deed: 'filled', role: 'username' }, { deed: 'filled', role: 'password' }, { deed: 'entered' }],
      },
      {
        step: 2,
        rule: null,
        line: null,
        did: [
          { deed: 'filled', role: 'otp' },
          { deed: 'pressed', what: 'Sign in' },
        ],
      },
    ])
    expect(json.steps[1].why).toMatch(/^otp \(\d+: autocomplete one-time-code/)
    const folder = path.join(sandbox.folder, 'pictures')
    expect(readdirSync(folder).sort()).toEqual(['step-1.png', 'step-2.png'])
    expect(readFileSync(path.join(folder, 'step-1.png')).subarray(1, 4).toString()).toBe('PNG')
  })

  test('a refusal: exit 4, the portal’s words, where it stopped, a picture of it', async () => {
    const home = path.join(sandbox.folder, 'other-home')
    mkdirSync(home)
    const config = readFileSync(path.join(sandbox.home, 'config.toml'), 'utf8')
    writeFileSync(path.join(home, 'config.toml'), config.replace(/^password_command = .*$/m, 'password_command = "echo wrong"'))
    const outcome = await check(['-p', 'deploy', '--screenshots', 'refused'], home)
    expect(outcome.code).toBe(4)
    expect(outcome.stdout).toMatch(/^stopped at https:\/\/localhost:\d+\/adfs\/ls\/\S+, after 1 step$/m)
    expect(outcome.stderr).toMatch(/^awsfed: the portal refused the sign-in: ".*"\n {2}hint: /m)
    expect(readdirSync(path.join(sandbox.folder, 'refused')).sort()).toEqual(['step-1.png', 'stopped.png'])
  })
})

test('a portal that needs all of it: boxes, a list, a number to match; the user name is in nothing that is printed', async () => {
  const portal = await startPortal({
    'GET /': html(
      'Sign in',
      '<form method="post" action="/domain?user=secret"><label>User name<input name="u"></label><button>Next</button></form>',
    ),
    'POST /domain': html(
      'Sign in',
      '<h1>Select your domain</h1><p>jane.doe@example.com</p><form method="post" action="/password"><label>Domain <select name="d"><option>LOCAL</option><option>jane.doe</option></select></label><button>Next</button></form>',
    ),
    'POST /password': html(
      'Sign in',
      '<form method="post" action="/code"><label>Password of jane.doe<input type="password" name="p"></label><button>Continue as Jane.Doe</button></form>',
    ),
    'POST /code': html(
      'Code',
      `<h1>Enter the code</h1><form method="post" action="/push">${'<input name="c" maxlength="1" style="width:30px">'.repeat(6)}<button>Verify</button></form>`,
    ),
    'POST /push': html(
      'Approve',
      '<h1>Approve the sign-in request on your phone</h1><div style="font-size:40px">42</div><script>setTimeout(() => { location = "/assertion" }, 1200)</script>',
    ),
    'GET /assertion': assertion,
  })
  const home = newHome({
    config: `[portal.test]\nurl = "${portal.url}"\nrecipe = "domain.toml"\nusername = "jane.doe@example.com"\npassword_command = "echo correct-horse"\notp_command = "echo 123456"\n`,
  })
  writeFileSync(
    path.join(path.dirname(home.paths.config), 'domain.toml'),
    '[[rule]]\nname = "domain"\nchoose = { options = "select[name=d]", about = "provider", pick = "jane" }\nclick = "button"\n',
  )
  const outcome = await home.awsfed(['portal', 'check'], { AWSFED_INTERACTIVE: 'terminal' })
  expect(outcome.code, outcome.stderr + outcome.stdout).toBe(0)
  const did = outcome.stdout.split('\n').filter((line, index) => index % 3 === 2 && line)
  expect(did.map((line) => line.trim())).toEqual([
    'filled username in "User name", pressed "Next"',
    'chosen "(user name)", pressed "Next"',
    'filled password in "Password of (user name)", pressed "Continue as (user name)"',
    'filled otp, pressed "Verify"',
    'waited for an approval with the number 42',
  ])
  expect(outcome.stdout).not.toMatch(/jane|correct-horse|123456|secret/i)
  expect(portal.posts.map(({ fields }) => fields)).toMatchObject([{}, { d: 'jane.doe' }, { p: 'correct-horse' }, {}])
})

describe('what is wrong before a browser is opened', () => {
  test('a recipe: exit 1, each mistake with line and column', async () => {
    const home = newHome()
    writeFileSync(path.join(home.home, 'r.toml'), '[[rule]]\nfil = { "#a" = "otp" }\nclick = "#1"\n')
    const outcome = await home.awsfed(['portal', 'check', '--recipe', 'r.toml'])
    expect(outcome).toMatchObject({ code: 1, stdout: '' })
    const file = path.join(home.home, 'r.toml')
    expect(outcome.stderr.split('\n').slice(0, 2)).toEqual([
      `awsfed: ${file}:2:1: fil is no key of a rule; did you mean fill?`,
      `${file}:3:1: "#1" is not a CSS selector: Expected ID name`,
    ])
  })
  test.each([
    [['--portal', 'crop'], 'there is no [portal.crop] in', 'did you mean --portal corp?'],
    [['--portal', 'corp', '-p', 'dev'], 'give one of --profile, --portal and URL', 'awsfed portal check --portal corp'],
    [['ftp://example.com/'], 'ftp://example.com/ is not an http(s) URL', 'give the page'],
  ])('%j: usage', async (args, message, hint) => {
    const outcome = await newHome().awsfed(['portal', 'check', ...args])
    expect(outcome).toMatchObject({ code: 2, stdout: '' })
    expect(outcome.stderr).toContain(`awsfed: ${message}`)
    expect(outcome.stderr).toContain(`hint: ${hint}`)
  })
  test('no configuration is needed for an address; nobody to ask: exit 3, and where it stopped', async () => {
    const portal = await startPortal({
      'GET /': html('Sign in', '<form method="post"><label>User name<input name="u"></label><button>Next</button></form>'),
    })
    const home = temporaryFolder()
    const outcome = await run(process.execPath, [programs.awsfed, 'portal', 'check', portal.url], {
      env: scrubbedEnvironment(home, { AWSFED_INTERACTIVE: 'never' }),
    })
    expect(outcome.code, outcome.stderr).toBe(3)
    expect(outcome.stdout).toBe(`stopped at ${portal.url}, after 0 steps\n`)
    expect(outcome.stderr).toContain(`hint: run \`awsfed portal check ${portal.url}\` in a terminal`)
  })
})

test('Ctrl-C while an approval is waited for: exit 130, one line, and nothing is left', async () => {
  const sandbox = await startSandbox({ factor: 'push' })
  try {
    const outcome = await run(process.execPath, [programs.awsfed, 'portal', 'check'], {
      env: scrubbedEnvironment(sandbox.folder, { ...sandbox.environment, AWSFED_INTERACTIVE: 'terminal' }),
      onStart: (child) => {
        let seen = ''
        child.stderr?.on('data', (data) => {
          seen += data
          if (!child.killed && /waiting for approval/.test(seen)) child.kill('SIGINT')
        })
      },
    })
    expect(outcome).toMatchObject({ code: 130, stdout: '' })
    expect(outcome.stderr).toMatch(/\nawsfed: cancelled by SIGINT\n$/)
    expect(pidsOf(path.join(sandbox.home, 'state'))).toEqual([])
    expect(readdirSync(path.join(sandbox.home, 'state', 'browsers'))).toEqual([])
  } finally {
    await sandbox.stop()
  }
})

test.skipIf(!firefoxTrusts)('in Firefox: the same steps, and pictures', async () => {
  const sandbox = await startSandbox()
  try {
    const file = path.join(sandbox.home, 'config.toml')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^browser_args = .*$/m, 'browser = "firefox"'))
    const outcome = await run(process.execPath, [programs.awsfed, 'portal', 'check', '--json', '--screenshots', 'pictures'], {
      env: scrubbedEnvironment(sandbox.folder, { ...sandbox.environment, AWSFED_INTERACTIVE: 'never' }),
      cwd: sandbox.folder,
    })
    expect(outcome.code, outcome.stderr).toBe(0)
    expect(JSON.parse(outcome.stdout).steps).toMatchObject([{ rule: 'adfs: name and password' }, { rule: 'adfs: code' }])
    expect(readdirSync(path.join(sandbox.folder, 'pictures')).sort()).toEqual(['step-1.png', 'step-2.png'])
  } finally {
    await sandbox.stop()
  }
})
