import { expect, test } from 'vitest'
import { planProject } from '../../../src/migrate/manifests/project.ts'
import { translator } from '../../../src/migrate/url/translate.ts'
import { knowledge } from '../url/knowledge.ts'
import { accounts, migrated, projectOf } from './project.ts'

const host = 'git-codecommit.us-east-1.amazonaws.com'
const ssh = `git+ssh://APKAEXAMPLE000000000@${host}/v1/repos/x`
const text = `{"repository":"${ssh}","dependencies":{"x":"${ssh}#main"}}`

test('without the proof a dependency is refused, with the bridge as the way out, and all stays', () => {
  const { plan } = migrated(projectOf({ 'package.json': text }, true))
  expect(plan.edits).toEqual([])
  expect(plan.refused).toMatchObject([
    { url: `${ssh}#main`, account: 'APKAEXAMPLE000000000', hint: expect.stringContaining('--bridge') },
    { url: ssh, account: 'APKAEXAMPLE000000000', reason: expect.stringContaining('only together') },
  ])
})

test('of other projects the proof is not asked', () => {
  expect(migrated(projectOf({ 'package.json': text })).files['package.json']).not.toContain('.git#')
})

test('only the dependency gets the .git; a project without one moves', () => {
  const url = `git+https://dev@${host}/v1/repos/x`
  expect(migrated(projectOf({ 'package.json': text }, true), true).files['package.json']).toBe(
    `{"repository":"${url}","dependencies":{"x":"${url}.git#main"}}`,
  )
  const alone = migrated(projectOf({ 'package.json': `{"repository":"${ssh}"}` }, true))
  expect(alone.files['package.json']).toBe(`{"repository":"${url}"}`)
})

test('the way back to SSH needs no .git', () => {
  const translate = translator(knowledge({ to: 'ssh', mapped: accounts }))
  const project = projectOf({ 'package.json': `{"dependencies":{"x":"git+https://${host}/v1/repos/x#main"}}` }, true)
  expect(planProject(project, translate, () => false)).toMatchObject({
    edits: [{ to: `git+ssh://${host}/v1/repos/x#main` }],
    refused: [],
  })
})

test.each([
  ['no pattern', 'approvedGitRepositories: []\n# ssh://git-codecommit.us-east-1\n', 1],
  ['one for SSH', 'approvedGitRepositories:\n  - "ssh://git-codecommit.*/**"\n', 1],
  ['one for HTTPS too', 'approvedGitRepositories:\n  - "ssh://git-codecommit.*/**"\n  - "https://git-codecommit.*/**"\n', 0],
  ['another setting', 'npmRegistryServer: "https://git-codecommit.example.com"\n', 0],
])('.yarnrc.yml with %s', (_title, yarnrc, refusals) => {
  const { plan } = migrated(projectOf({ 'package.json': text, '.yarnrc.yml': yarnrc }, true), true)
  expect(plan.refused.filter(({ file }) => file === '.yarnrc.yml')).toHaveLength(refusals)
})
