import { expect, test } from 'vitest'
import { keysOf } from '../../src/migrate/keys.ts'
import type { Edit, Refused, Reported, Transaction } from '../../src/migrate/plan.ts'
import { https, ssh } from './repositories.ts'

const [one, two, three] = ['APKAONE0000000000000', 'APKATWO0000000000000', 'APKATHREE00000000000']
const place = { file: '/code/x/.git/config', line: 7 }

function edit(account: string | undefined, user?: string): Edit {
  const [from, to] = [ssh('x', user), https('x')]
  return { ...place, start: 0, end: 0, old: '', new: '', from, to, account, kind: 'remote.url', reason: '', remote: undefined }
}

const transaction = (more: Partial<Transaction>): Transaction => ({
  ...{ root: '/code/x', gitDir: '/code/x/.git', unit: 'each', edits: [], refused: [], sources: [], ...more },
})
const refused = (account: string | undefined, user?: string): Refused => ({
  ...place,
  url: ssh('x', user),
  account,
  reason: '',
  hint: '',
})
const reported = (account: string | undefined): Reported => ({
  file: '/code/x.sh',
  line: 1,
  url: ssh('x'),
  account,
  to: undefined,
  branch: undefined,
})

test.each<[string, Parameters<typeof keysOf>[0], ReturnType<typeof keysOf>]>([
  [
    'all have moved',
    { transactions: [transaction({ edits: [edit(one, one), edit('prod'), edit(undefined)] })], refused: [], reported: [] },
    [{ id: one, uses: [] }],
  ],
  [
    'by ssh_config or core.sshCommand, and a user that this overrules',
    { transactions: [transaction({ edits: [edit(two, one)] })], refused: [], reported: [] },
    [
      { id: one, uses: [] },
      { id: two, uses: [] },
    ],
  ],
  [
    'what stays',
    {
      transactions: [transaction({ edits: [edit(one, one)], refused: [refused(one, one)] })],
      refused: [refused(undefined, two), refused(two), { ...place, url: undefined, account: undefined, reason: '', hint: '' }],
      reported: [reported(three), reported('jane')],
    },
    [
      { id: one, uses: [place] },
      { id: three, uses: [{ file: '/code/x.sh', line: 1 }] },
      { id: two, uses: [place] },
    ],
  ],
])('%s', (_, plan, expected) => {
  expect(keysOf(plan)).toEqual(expected)
})

test.each(['APKAEXAMPLE', 'APKAONE1', 'APKAEXAMPLE123456789'])('%s is a key id, in full or shortened as in a document', (id) => {
  expect(keysOf({ transactions: [transaction({ edits: [edit(id, id)] })], refused: [], reported: [] })).toEqual([
    { id, uses: [] },
  ])
})

test.each(['APKA', 'apkaone1', 'XAPKAONE1', 'AKIAONE1'])('%s is none', (id) => {
  expect(keysOf({ transactions: [transaction({ edits: [edit(id, id)] })], refused: [], reported: [] })).toEqual([])
})
