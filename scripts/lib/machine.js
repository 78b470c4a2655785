// Makes a fresh machine ready: the npm packages of the lockfile, git, and a Chromium with its driver; for tests more
// browsers. Needs nothing but Node.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** @param {string} line what is being done, for the person who waits */
function say(line) {
  process.stderr.write(`# ${line}\n`)
}

/**
 * Runs a command to its end, its output shown on stderr.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, quiet?: boolean }} [options] `quiet` shows the output only when it fails
 * @returns {boolean} whether it succeeded
 */
function succeeds(command, args, { env = process.env, quiet = false } = {}) {
  const done = spawnSync(command, args, {
    cwd: root,
    env,
    shell: process.platform === 'win32',
    stdio: ['ignore', quiet ? 'pipe' : 2, quiet ? 'pipe' : 2],
  })
  if (quiet && done.status !== 0)
    process.stderr.write(Buffer.concat([done.stdout ?? Buffer.alloc(0), done.stderr ?? Buffer.alloc(0)]))
  return done.status === 0
}

/** @param {string} message what is wrong and what to do about it */
function stop(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

function npmPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex')
  // A file of our own: npm's .package-lock.json differs from the lockfile in form.
  const installed = path.join(root, 'node_modules', '.awsfed-lock')
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) return
  say('installing the npm packages of package-lock.json (npm ci)')
  // esbuild and biome bring their binaries as packages: no install script is needed.
  if (!succeeds('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { quiet: true })) {
    stop('npm ci failed: see above')
  }
  writeFileSync(installed, lock)
}

/** @param {string} program */
function onPath(program) {
  const names = process.platform === 'win32' ? [`${program}.exe`, `${program}.cmd`] : [program]
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .some((folder) => names.some((name) => existsSync(path.join(folder, name))))
}

/**
 * @typedef {object} Need
 * @property {string} debian the package
 * @property {readonly string[]} there programs on PATH, or absolute paths, any of which will do
 */

/** @type {readonly Need[]} */
const needed = [
  { debian: 'git', there: ['git'] },
  {
    debian: 'chromium',
    there: [
      'chromium',
      'chromium-browser',
      'google-chrome',
      'google-chrome-stable',
      'microsoft-edge',
      '/Applications/Google Chrome.app',
      '/Applications/Chromium.app',
      '/Applications/Microsoft Edge.app',
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
    ],
  },
  { debian: 'chromium-driver', there: ['chromedriver', 'msedgedriver', '/usr/lib/chromium/chromedriver'] },
]

/** By it Firefox trusts the authorities that the system trusts. Debian has it by the machine's kind. */
const trustModules = ['lib64', 'lib', 'lib/x86_64-linux-gnu', 'lib/aarch64-linux-gnu'].map(
  (folder) => `/usr/${folder}/pkcs11/p11-kit-trust.so`,
)

/**
 * What some tests need besides: without it they are skipped.
 * @type {readonly Need[]}
 */
const neededByTests = [
  {
    debian: 'firefox-esr',
    there: ['firefox-esr', 'firefox', '/Applications/Firefox.app', 'C:\\Program Files\\Mozilla Firefox\\firefox.exe'],
  },
  // BrowserMob Proxy: fetched by Maven, built and run by a JDK.
  { debian: 'default-jdk-headless', there: ['javac'] },
  { debian: 'maven', there: ['mvn'] },
  // Elsewhere windows open on the desktop, and Firefox looks into the system's store of certificate authorities by itself.
  ...(process.platform === 'linux'
    ? [
        { debian: 'xvfb', there: ['Xvfb'] },
        { debian: 'p11-kit-modules', there: trustModules },
        // Ends a migration at each of its system calls.
        { debian: 'strace', there: ['strace'] },
      ]
    : []),
  // A keyring of the tests' own; elsewhere there is only the user's, which tests leave alone.
  ...(process.platform === 'linux'
    ? [
        { debian: 'gnome-keyring', there: ['gnome-keyring-daemon'] },
        { debian: 'dbus', there: ['dbus-run-session'] },
      ]
    : []),
]

/** @param {readonly Need[]} needs */
function missingOf(needs) {
  const any = (/** @type {readonly string[]} */ names) =>
    names.some((name) => (path.isAbsolute(name) ? existsSync(name) : onPath(name)))
  return needs.filter(({ there }) => !any(there)).map(({ debian }) => debian)
}

const mayInstall = () => onPath('apt-get') && process.getuid?.() === 0

/** @param {readonly string[]} names */
function installs(names) {
  say(`installing Debian's ${names.join(', ')} (apt-get; takes about a minute)`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (/** @type {string[]} */ ...args) => succeeds('apt-get', args, { env, quiet: true })
  return apt('update') && apt('install', '-y', '--no-install-recommends', ...names)
}

/** @param {readonly string[]} missing */
function install(missing) {
  if (!mayInstall()) {
    stop(
      `missing on this machine: ${missing.join(', ')}\n` +
        `  Debian, Ubuntu:  sudo apt-get install ${missing.join(' ')}\n` +
        '  macOS:           brew install git && brew install --cask chromium chromedriver\n' +
        '  Windows:         winget install Git.Git Google.Chrome Chromium.ChromeDriver\n' +
        'then run this command again.',
    )
  }
  if (!installs(missing)) stop(`apt-get could not install ${missing.join(', ')}: see above`)
}

/** @param {readonly string[]} missing */
function installForTests(missing) {
  if (mayInstall() && installs(missing)) return
  const what = `missing on this machine: ${missing.join(', ')}`
  if (process.env.CI) stop(`${what}; in CI every test must run`)
  say(`${what}; the tests that need it are skipped`)
}

/**
 * Installs what is missing, and says so. Ends the process with a clear message where it cannot.
 * @param {{ tests?: boolean }} [options] `tests`: also what only tests need, as far as it can be had
 */
export function makeReady({ tests = false } = {}) {
  const missing = missingOf(needed)
  const missingForTests = tests ? missingOf(neededByTests) : []
  if (missing.length > 0) install(missing)
  if (missingForTests.length > 0) installForTests(missingForTests)
  npmPackages()
}

/**
 * Runs a tool of node_modules with this Node, its output shown.
 * @param {string} script its file below node_modules
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {number} its exit code
 */
export function runTool(script, args, env = process.env) {
  const done = spawnSync(process.execPath, [path.join(root, script), ...args], { cwd: root, env, stdio: 'inherit' })
  return done.status ?? 1
}
