import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { calm } from '../../src/login/calm.ts'
import type { Question } from '../../src/login/prompt.ts'
import type { Status } from '../../src/login/status.ts'
import { bundledScript } from '../support/bundle.ts'
import { run, scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'
import { onTerminal } from '../support/terminal.ts'

/** Asks the questions that it is given, and writes what came of each into a file: stdin and stdout are not its own, as in git. */
const asker = `
import { appendFileSync } from 'node:fs'
import { realWorld } from './src/base/world.ts'
import { ask } from './src/login/prompt.ts'

const [file, questions, ...flags] = process.argv.slice(2)
const tell = (what, value) => appendFileSync(file, JSON.stringify({ [what]: value ?? null }) + '\\n')
if (flags.includes('keeps-on')) process.on('SIGHUP', () => tell('signal', 'SIGHUP'))
const abort = new AbortController()
if (flags.includes('aborted')) setTimeout(() => abort.abort(), 300)
tell('pid', process.pid)
try {
  for (const question of JSON.parse(questions)) tell('answer', await ask(realWorld(), question, abort.signal))
} catch (error) {
  tell('error', error.kind)
}
`

const script = await bundledScript(asker)

const name: Question = { kind: 'text', message: 'User name for corp' }
const secret: Question = { kind: 'secret', message: 'Password for jane' }
const role: Question = { kind: 'choice', message: 'Role', options: ['123456789012  Dev', '210987654321  Ops'] }

/** A shell on a terminal, in which `line` is run; $ASK and a question asks it, and stty tells afterwards how the terminal was left. */
function asking(line: string, questions: readonly Question[], ...flags: string[]) {
  const home = temporaryFolder()
  const file = path.join(home, 'answers')
  writeFileSync(file, '')
  const env = scrubbedEnvironment(home, {
    NODE: process.execPath,
    SCRIPT: script,
    FILE: file,
    QUESTIONS: JSON.stringify(questions),
    FLAGS: flags.join(' '),
  })
  const ask = '"$NODE" "$SCRIPT" "$FILE" "$QUESTIONS" $FLAGS'
  const terminal = onTerminal('bash', ['--norc', '-c', `${line.replaceAll('ASK', ask)}; echo left; stty -a`], { env })
  const told = () =>
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Record<string, unknown>)
  return { terminal, told, answers: () => told().filter((entry) => !('pid' in entry)) }
}

const cursorShown = '\u001b[?25h'
const cursorHidden = '\u001b[?25l'

/** That the terminal is as it was: it echoes, takes lines, and shows its cursor. */
async function expectRestored(terminal: ReturnType<typeof onTerminal>) {
  await terminal.ended
  const output = terminal.output()
  expect(output.lastIndexOf(cursorShown)).toBeGreaterThan(output.lastIndexOf(cursorHidden))
  const settings = output.slice(output.lastIndexOf('left'))
  expect(settings).toMatch(/ echo /)
  expect(settings).toMatch(/ icanon /)
}

test('asks on the terminal though stdin and stdout are pipes; what is secret is not shown', async () => {
  const { terminal, answers } = asking('echo from-git | ASK | cat', [name, secret, role])
  let at = await terminal.shows('User name for corp')
  terminal.type('jane\r')
  at = await terminal.shows('Password for jane', at)
  terminal.type('correct horse\r')
  at = await terminal.shows('210987654321  Ops', at)
  terminal.type('\u001b[B\r')
  await expectRestored(terminal)
  expect(answers()).toEqual([{ answer: 'jane' }, { answer: 'correct horse' }, { answer: '1' }])
  expect(terminal.output()).toContain('jane')
  expect(terminal.output()).not.toContain('horse')
})

test('a terminal that tells no size: a question stands on one line', async () => {
  const { terminal, answers } = asking('stty rows 0 cols 0; ASK', [name])
  await terminal.shows('User name for corp')
  terminal.type('jane\r')
  await expectRestored(terminal)
  expect(answers()).toEqual([{ answer: 'jane' }])
})

test('an empty answer is asked for again', async () => {
  const { terminal, answers } = asking('ASK', [secret])
  const at = await terminal.shows('Password for jane')
  terminal.type('\r')
  await terminal.shows('An answer is needed', at)
  terminal.type('x\r')
  await expectRestored(terminal)
  expect(answers()).toEqual([{ answer: 'x' }])
})

for (const [title, key] of [
  ['Ctrl-C', '\u0003'],
  ['Escape', '\u001b'],
] as const) {
  test(`${title} cancels and leaves the terminal as it was`, async () => {
    const { terminal, answers } = asking('ASK', [secret])
    await terminal.shows('Password for jane')
    terminal.type(key)
    await expectRestored(terminal)
    expect(answers()).toEqual([{ error: 'cancelled' }])
  })
}

test('an aborted signal takes the question back', async () => {
  const { terminal, answers } = asking('ASK', [secret], 'aborted')
  await terminal.shows('Password for jane')
  await expectRestored(terminal)
  expect(answers()).toEqual([{ error: 'cancelled' }])
})

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const) {
  test(`${signal} ends the process as ever, and leaves the terminal as it was`, async () => {
    const { terminal, told, answers } = asking('(trap "" INT QUIT; ASK; echo "code $?")', [secret])
    await terminal.shows('Password for jane')
    process.kill(Number(told()[0]?.pid), signal)
    await terminal.shows(`code ${{ SIGTERM: 143, SIGINT: 130, SIGHUP: 129, SIGQUIT: 131 }[signal]}`)
    await expectRestored(terminal)
    expect(answers()).toEqual([])
  })
}

test('a terminal that goes away ends the question', async () => {
  const { terminal, answers } = asking('exec ASK', [secret], 'keeps-on')
  await terminal.shows('Password for jane')
  terminal.hangUp()
  await expect.poll(answers, { timeout: 10_000 }).toContainEqual({ error: 'cancelled' })
})

test('in the background of its terminal it asks nothing, and does not stop', async () => {
  const { terminal, answers } = asking('set -m; ASK & wait', [secret])
  await terminal.ended
  expect(answers()).toEqual([{ answer: null }])
})

test('without a terminal it asks nothing', async () => {
  const home = temporaryFolder()
  const file = path.join(home, 'answers')
  const outcome = await run('setsid', ['-w', process.execPath, script, file, JSON.stringify([secret])], {
    env: scrubbedEnvironment(home),
  })
  expect(outcome).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(readFileSync(file, 'utf8')).toContain('{"answer":null}')
})

test('statuses wait while a person is asked', async () => {
  const told: Status['kind'][] = []
  const { report, during } = calm((status) => told.push(status.kind))
  report({ kind: 'signing-in', user: 'jane' })
  await during(async () => {
    report({ kind: 'captured' })
    await Promise.resolve()
    expect(told).toEqual(['signing-in'])
  })
  report({ kind: 'window' })
  expect(told).toEqual(['signing-in', 'captured', 'window'])
})
