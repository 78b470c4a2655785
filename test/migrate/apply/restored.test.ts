import { describe, expect, test } from 'vitest'
import { journaled } from '../../../src/migrate/apply/journaled.ts'
import { restored } from '../../../src/migrate/apply/restored.ts'
import { bytesOf } from '../../../src/migrate/bytes.ts'
import type { Edit } from '../../../src/migrate/plan.ts'
import { spliced } from '../../../src/migrate/splice.ts'

/** What the journal has of `text` when each `[OLD|NEW]` in it was done, and the texts before and after. */
function run(marked: string) {
  const edits: Edit[] = []
  let old = ''
  for (const [, before = '', from, to = ''] of marked.matchAll(/([^[]*(?:\[(?=remote|b)[^[]*)*)(?:\[([^|\]]*)\|([^\]]*)\])?/g)) {
    old += before
    if (from === undefined) continue
    const [start, end] = [old.length, old.length + from.length]
    edits.push({ ...{ file: 'f', start, end, line: 1, from, to, old: from, new: to, kind: 'remote.url' }, ...rest })
    old += from
  }
  const next = spliced(old, edits)
  const file = { file: 'f', target: 'f', locked: false, mode: 0o644, old: bytesOf(old), next: bytesOf(next), done: false, edits }
  const [journal] = journaled({ root: '/', unit: 'each', files: [file] }).files
  return { old, next, journal: journal ?? { edits: [], oldHash: '' } }
}

const rest = { reason: '', account: undefined, remote: undefined }
const one = '[remote "origin"]\n\turl = [ssh|https]://h/v1/repos/x\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n'
const two = `${one}[remote "two"]\n\turl = [ssh|https]://h/v1/repos/x\n\tfetch = +refs/heads/*:refs/remotes/two/*\n`
const json = '{\n  "name": "a",\n  "dependencies": { "lib": "git+[ssh|https]://h/v1/repos/lib#v1" }\n}\n'

describe('a text that has changed since: taken back', () => {
  test.each<[title: string, marked: string, change: (text: string) => string]>([
    ['nothing has', one, (text) => text],
    ['lines above and below', one, (text) => `# x\n${text}[user]\n\tname = J\n`],
    ['git remote rename', one, (text) => text.replaceAll('origin', 'o')],
    ['no blanks any more', one, (text) => text.replace('\turl = ', 'url=').replace('\tfetch', 'fetch')],
    ['another order of keys', one, (text) => text.replace(/(\turl.*\n)(\tfetch.*\n)/, '$2$1')],
    ['another layout', json, (text) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).reverse()))],
    ['another committish', json, (text) => text.replace('#v1', '#semver:^2')],
    ['both of two that are alike, renamed', two, (text) => text.replaceAll('origin', 'o').replaceAll('two', 't')],
    ['a copy beside it', one, (text) => `${text}[remote "copy"]\n\turl = https://h/v1/repos/x\n`],
    ['undone by hand', one, (text) => `# x\n${text.replace('https', 'ssh')}`],
    ['something was removed', '1 before [x |]after', (text) => `0 ${text}`],
    ['something was added', '1 before [|x] after', (text) => `0 ${text}`],
    ['two in one word', '"a@[ssh|https]://h/x(b@[ssh|https]://h/y)"\n', (text) => `\n${text} `],
  ])('%s', (_, marked, change) => {
    const { old, next, journal } = run(marked)
    expect(restored(next, journal)).toEqual({ text: old, lost: [] })
    const changed = change(next)
    const back = changed.includes('copy') ? change(old) : undoneIn(changed, marked)
    expect(restored(changed, journal)).toEqual({ text: back, lost: [] })
    // Run again there is nothing left to do.
    expect(restored(back, journal)).toEqual({ text: back, lost: [] })
  })
})

/** `text` with every new word in it replaced by its old one; what it adds or removes as the change has it. */
function undoneIn(text: string, marked: string): string {
  if (marked.includes('[x |]')) return text.replace('before ', 'before x ')
  if (marked.includes('[|x]')) return text.replace('x after', ' after')
  return text.replaceAll('https', 'ssh')
}

describe('a text that has changed since: left, and said', () => {
  test.each<[title: string, marked: string, change: (text: string) => string, lost: number]>([
    ['another host', one, (text) => text.replace('://h/', '://g/'), 1],
    ['another host in a manifest', json, (text) => text.replace('://h/', '://g/'), 1],
    ['a port', one, (text) => text.replace('://h/', '://h:8443/'), 1],
    ['a user', one, (text) => text.replace('://h/', '://jane@h/'), 1],
    ['another repository', one, (text) => text.replace('/x\n', '/y\n'), 1],
    ['a longer path', one, (text) => text.replace('/x\n', '/x/y\n'), 1],
    ['a longer name', one, (text) => text.replace('/x\n', '/x.git\n'), 1],
    ['something before it', json, (text) => text.replace('git+', 'x-git+'), 1],
    ['one of two that are alike', two, (text) => text.replace('https://h', 'https://g'), 1],
    ['all of it', one, () => '', 1],
    [
      'one that was there already is none of the run',
      '[remote "a"]\n\turl = https://h/v1/repos/x\n' + '[remote "b"]\n\turl = [ssh|https]://h/v1/repos/x\n',
      (text) => text.slice(0, text.indexOf('[remote "b"')),
      1,
    ],
    [
      'one that was there already, and both were renamed',
      '[remote "a"]\n\turl = https://h/v1/repos/x\n' + '[remote "b"]\n\turl = [ssh|https]://h/v1/repos/x\n',
      (text) => text.replace('"a"', '"c"').replace('"b"', '"d"'),
      1,
    ],
    [
      'something was removed, and what stood around it has changed',
      '1 before [x |]after',
      (text) => text.replace('after', '-'),
      1,
    ],
  ])('%s', (_, marked, change, count) => {
    const { next, journal } = run(marked)
    const { text, lost } = restored(change(next), journal)
    expect(lost).toHaveLength(count)
    expect(text).toBe(journal.edits.length > count ? change(next).replace('https://h', 'ssh://h') : change(next))
  })
})
