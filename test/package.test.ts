import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { minute, newHome, sessionOf } from './commands/home.ts'
import { run, temporaryFolder } from './support/programs.ts'

const request = 'protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\npath=v1/repos/demo\n\n'

/** npm's environment here, without the settings of the npm that runs these tests. */
const npmEnv = Object.fromEntries(
  Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined && !/^npm_/i.test(entry[0])),
)

/** Packs what is built. `--ignore-scripts`: building it again would pull it away from under other tests. */
async function pack(folder: string): Promise<{ file: string; contents: string[]; size: number }> {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const { code, stdout, stderr } = await run('npm', args, { env: npmEnv, cwd: process.cwd() })
  if (code !== 0) throw new Error(stderr)
  const [{ filename, files, unpackedSize }] = JSON.parse(stdout)
  const contents = files.map((each: { path: string }) => each.path).sort()
  return { file: path.join(folder, filename), contents, size: unpackedSize }
}

describe('the published package', () => {
  test('holds the programs and what they need, and nothing else', async () => {
    const { contents, size } = await pack(temporaryFolder())
    const required = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/awsfed.js',
      'bin/git-credential-awsfed',
      'dist/cli.js',
      'dist/helper.cjs',
      'dist/login.js',
      'package.json',
      'recipes/adfs.toml',
      'recipes/schema.json',
    ]
    expect(contents).toEqual(expect.arrayContaining(required))
    const others = contents.filter((file) => !required.includes(file))
    // The code that the programs share, the licences of what is bundled, and recipes to read.
    expect(
      others.filter(
        (file) => !/^recipes\/(\w+\.toml|schema\.json)$|^dist\/(chunks\/[\w.-]+\.js|[\w./-]+\.LEGAL\.txt)$/.test(file),
      ),
    ).toEqual([])
    expect(size).toBeLessThan(6_000_000)
  })

  test('installs nothing but what cannot be bundled', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(Object.keys(dependencies)).toEqual(['selenium-webdriver'])
  })

  test('publint has nothing to say', async () => {
    const cli = path.resolve('node_modules/publint/src/cli.js')
    const { file } = await pack(temporaryFolder())
    const outcome = await run(process.execPath, [cli, '--strict', file], { env: npmEnv, cwd: process.cwd() })
    expect(outcome.code, outcome.stdout + outcome.stderr).toBe(0)
  })
})

describe('npm install -g in a clean prefix, its path with blanks', () => {
  let bin = ''

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'awsfed-test-'))
    const prefix = path.join(folder, 'pre fix')
    const { file } = await pack(folder)
    const args = ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', '--loglevel', 'error', file]
    const { code, stderr } = await run('npm', args, { env: npmEnv, cwd: folder })
    expect(code, stderr).toBe(0)
    bin = process.platform === 'win32' ? prefix : path.join(prefix, 'bin')
    return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }, 180_000)

  const installed = () => {
    const home = newHome({ sessions: [sessionOf('dev', 60 * minute)] })
    const env = { ...home.env, PATH: `${bin}${path.delimiter}${home.env.PATH}` }
    return {
      ...home,
      env,
      run: (command: string, args: string[], input = '') => run(command, args, { env, input, cwd: home.home }),
    }
  }

  test('awsfed --version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(await installed().run('awsfed', ['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  test('awsfed status', async () => {
    expect(await installed().run('awsfed', ['status'])).toMatchObject({ code: 0, stderr: '' })
  })

  test('a command that loads the login, its browser packages too', async () => {
    const outcome = await installed().run('awsfed', ['login', '--force'])
    // The portal is not there; that it gets as far as a hint shows that everything loads.
    expect(outcome.stderr).toMatch(/^ {2}hint: /m)
    expect(outcome.stderr).not.toMatch(/this is a bug|ERR_MODULE_NOT_FOUND/)
  })

  test('git-credential-awsfed get answers for a session', async () => {
    const outcome = await installed().run('git-credential-awsfed', ['get'], request)
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    expect(outcome.stdout).toMatch(/^username=ASIAEXAMPLEKEY012345%/m)
    expect(outcome.stdout).toMatch(/^password=\d{8}T\d{6}Z[0-9a-f]{64}$/m)
  })

  test('git finds it by `awsfed setup git`, without Node or awsfed on the PATH', async () => {
    const home = installed()
    expect(await home.run('awsfed', ['setup', 'git'])).toMatchObject({ code: 0, stderr: '' })
    const { stdout: gitPlace } = await run('sh', ['-c', 'command -v git'], { env: home.env })
    const env = { ...home.env, PATH: `${path.dirname(gitPlace.trim())}:/bin` }
    const fill = await run('git', ['credential', 'fill'], { env, cwd: home.home, input: request })
    expect(fill.stderr).toBe('')
    expect(fill.stdout).toMatch(/^username=ASIAEXAMPLEKEY012345%/m)
    expect(fill.stdout).toMatch(/^password=\d{8}T\d{6}Z[0-9a-f]{64}$/m)
  })
})
