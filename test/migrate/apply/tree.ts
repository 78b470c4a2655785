import { spawnSync } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { World } from '../../../src/base/world.ts'
import { type GuardedPlan, guard } from '../../../src/migrate/apply/guard.ts'
import { byteText } from '../../../src/migrate/bytes.ts'
import { find } from '../../../src/migrate/find/find.ts'
import { parseConfig } from '../../../src/migrate/gitConfig/parse.ts'
import { planGit } from '../../../src/migrate/gitConfig/planGit.ts'
import type { Edit, Plan, Transaction } from '../../../src/migrate/plan.ts'
import { translator } from '../../../src/migrate/url/translate.ts'
import { temporaryFolder } from '../../support/programs.ts'
import { testWorld } from '../../support/world.ts'
import { knowledge } from '../url/knowledge.ts'

export const host = 'git-codecommit.us-east-1.amazonaws.com'
export const ssh = (name = 'x') => `ssh://${host}/v1/repos/${name}`
export const https = (name = 'x') => `https://${host}/v1/repos/${name}`

/** A home with a folder `code`, which is what is migrated. */
export interface Home {
  readonly home: string
  readonly code: string
  readonly world: World
  /** Writes a file, its folders made. */
  readonly write: (file: string, text: string | Uint8Array) => string
  readonly git: (folder: string, ...args: string[]) => string
}

export function newHome(): Home {
  const home = temporaryFolder()
  const code = path.join(home, 'code')
  mkdirSync(code)
  const world = testWorld(home)
  const env = Object.fromEntries(Object.entries(world.env).filter((entry): entry is [string, string] => entry[1] !== undefined))
  return {
    home,
    code,
    world,
    write(file, text) {
      const target = path.resolve(home, file)
      mkdirSync(path.dirname(target), { recursive: true })
      writeFileSync(target, text)
      return target
    },
    git(folder, ...args) {
      const done = spawnSync('git', args, { cwd: path.resolve(home, folder), env, encoding: 'utf8' })
      if (done.status !== 0) throw new Error(`git ${args.join(' ')}: ${done.stderr}`)
      return done.stdout
    },
  }
}

/** A repository in `code` that has one remote. */
export function repository({ git, code }: Home, name = 'x', url = ssh(name)): string {
  mkdirSync(path.join(code, name), { recursive: true })
  git(path.join('code', name), 'init', '--quiet')
  git(path.join('code', name), 'remote', 'add', 'origin', url)
  return path.join(code, name)
}

/** What is to be done in the repositories below `folders`, not guarded yet. `ambient`: what git has outside of them. */
export async function planOf({ home, git }: Home, folders: readonly string[]): Promise<Plan> {
  const listed = git('.', 'config', '--list', '-z')
  const ambient = listed.split('\0').flatMap((item) => parseConfig(settingText(item)).entries)
  const { repositories } = await find(folders, home)
  const transactions = repositories.map(({ dir, folder, files }): Transaction => {
    const { edits, refused } = planGit(files, ambient, translator(knowledge()))
    const sources = files.filter(({ file }) => edits.some((edit) => edit.file === file))
    return { root: folder, gitDir: dir, unit: 'each', edits, refused, sources }
  })
  return { transactions, refused: [], reported: [], keys: [] }
}

function settingText(item: string): string {
  const [key = '', value = ''] = item.split('\n', 2)
  const [section, ...rest] = key.split('.')
  const name = rest.pop()
  return rest.length === 0 ? `[${section}]\n${name} = ${value}\n` : `[${section} "${rest.join('.')}"]\n${name} = ${value}\n`
}

export async function guarded(home: Home, folders: readonly string[] = [home.code]): Promise<GuardedPlan> {
  return guard(home.world, await planOf(home, folders), folders)
}

/** A plan of whole texts: `changes` are [file, [start, end, new]…], all or none. */
export function manifests(
  folder: string,
  changes: readonly (readonly [file: string, ...spans: (readonly [start: number, end: number, fresh: string])[]])[],
): Transaction {
  const sources = changes.map(([file]) => ({ file, text: byteText(readFileSync(file)) }))
  const edits = changes.flatMap(([file, ...spans], index) =>
    spans.map(([start, end, fresh]): Edit => {
      const old = sources[index]?.text.slice(start, end) ?? ''
      return {
        file,
        start,
        end,
        line: 1,
        from: old,
        to: fresh,
        old,
        new: fresh,
        kind: 'lock',
        reason: 'r',
        account: undefined,
        remote: undefined,
      }
    }),
  )
  return { root: folder, gitDir: undefined, unit: 'all', edits, refused: [], sources }
}

export function planWith(transactions: readonly Transaction[], folders: readonly string[]): GuardedPlan {
  return { transactions, refused: [], reported: [], keys: [], folders }
}

/** The edit that puts `to` in the place of `from` in each of `files`, all or none. */
export function replacing(folder: string, files: readonly string[], from: string, to: string): Transaction {
  return manifests(
    folder,
    files.map((file) => {
      const at = readFileSync(file, 'latin1').indexOf(from)
      return [file, [at, at + from.length, to]] as const
    }),
  )
}

/** All that is below `folder`, but for `without` in it: of each entry its kind, mode, owner and content. */
export function snapshot(folder: string, without: readonly string[] = []): Record<string, string> {
  const all: [string, string][] = []
  const look = (place: string) => {
    for (const name of readdirSync(place)) {
      const file = path.join(place, name)
      if (without.includes(path.relative(folder, file))) continue
      const status = lstatSync(file)
      const content = status.isSymbolicLink() ? readlinkSync(file) : status.isFile() ? readFileSync(file, 'latin1') : ''
      all.push([path.relative(folder, file), `${status.mode.toString(8)} ${status.uid}:${status.gid} ${content}`])
      if (status.isDirectory()) look(file)
    }
  }
  look(folder)
  return Object.fromEntries(all)
}
