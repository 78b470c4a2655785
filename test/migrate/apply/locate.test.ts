import { describe, expect, test } from 'vitest'
import type { JournalEdit } from '../../../src/migrate/apply/journal.ts'
import { locate } from '../../../src/migrate/apply/locate.ts'

/** The edit of `before[OLD|NEW]after`, which it is in a file that holds nothing else. */
function edit(marked: string): JournalEdit {
  const [, before = '', old = '', fresh = '', after = ''] = /^(.*)\[(.*)\|(.*)\](.*)$/s.exec(marked) ?? []
  return { start: before.length, old, new: fresh, before, after, line: 1, from: old, to: fresh, kind: 'remote.url' }
}

const line = edit('[remote "a"]\n\turl = [ssh|https]://x/y\n\tfetch = z\n')

describe('where an edit is in a text that has changed since', () => {
  test.each<[title: string, edit: JournalEdit, text: string, found: ReturnType<typeof locate>]>([
    ['where it was', line, '[remote "a"]\n\turl = https://x/y\n\tfetch = z\n', { at: 20, holds: 'new' }],
    ['further down', line, '[user]\n[remote "a"]\n\turl = https://x/y\n\tfetch = z\n', { at: 27, holds: 'new' }],
    ['undone by hand', line, '# \n[remote "a"]\n\turl = ssh://x/y\n\tfetch = z\n', { at: 23, holds: 'old' }],
    ['what follows has changed', line, '[remote "a"]\n\turl = https://x/y\n\tpush = 0\n', { at: 20, holds: 'new' }],
    ['what adjoins has changed', edit('aaaaaaaaaaaaaaaaaaaa=[ssh|https]:b'), 'aaaaaaaaaaaaaaaaaaaa-https:b', undefined],
    [
      'what stands before has changed, what follows is long',
      edit('aaa=[ssh|https]:bbbbbbbbbbb'),
      'ccc=https:bbbbbbbbbbb',
      { at: 4, holds: 'new' },
    ],
    ['it is another URL now', line, '[remote "a"]\n\turl = file://x/y\n\tfetch = z\n', undefined],
    ['the text is longer than what was written', edit('url = [ssh://x|https://x]\n'), 'url = https://xyz\n', undefined],
    ['twice, and one where it was', edit('a[1|2]b'), 'a2ba2b', { at: 1, holds: 'new' }],
    ['twice, and none where it was', edit('a[1|2]b'), ' a2ba2b', undefined],
    ['something was removed', edit('before [x|]after'), 'more before after', { at: 12, holds: 'new' }],
    ['something was removed, and what stood around it has changed', edit('before [x|]after'), 'before -after', undefined],
    ['something was added', edit('before [|x]after'), 'more before xafter', { at: 12, holds: 'new' }],
    ['something was added, and taken away', edit('before [|x]after'), 'more before after', { at: 12, holds: 'old' }],
    ['an empty text', line, '', undefined],
  ])('%s', (_, one, text, found) => {
    expect(locate(text, one, [one.start])).toEqual(found)
  })
})
