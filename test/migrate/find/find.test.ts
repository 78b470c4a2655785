import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { find } from '../../../src/migrate/find/find.ts'
import { codeFolder, ssh } from '../repositories.ts'

const { root, home, at, git, write, repository } = codeFolder()

/** The files with a hit, by git directory, all relative to the test's folder. */
async function found(...folders: string[]) {
  const finding = await find(folders, home)
  const short = (file: string) => path.relative(root, file)
  return {
    finding,
    repositories: Object.fromEntries(
      finding.repositories.map(({ dir, folder, files }) => [
        short(dir),
        {
          folder: short(folder),
          files: files.map(({ file, role, barred }) => [short(file), role, barred === undefined] as const),
        },
      ]),
    ),
  }
}

describe('repositories', () => {
  beforeAll(() => {
    repository(at('a', 'plain'), ssh('plain'))
    repository(at('a', 'github'), 'git@github.com:org/repo.git')
    repository(at('a', 'plain', 'vendor', 'inner'), ssh('inner'))
    repository(at('a', 'plain', 'node_modules', 'dep'), ssh('dep'))
    repository(at('a', 'deep', 'er', 'still'), ssh('still'))
    repository(at('a', 'mirror.git'), ssh('mirror'), '--bare')
    mkdirSync(at('a', 'no-repository', '.git'), { recursive: true })
    write(at('a', 'no-repository', 'HEAD'), '')
    symlinkSync(at('a', 'deep'), at('a', 'link'))
    symlinkSync(at('a'), at('a', 'deep', 'loop'))
  })

  test('nested anywhere, bare ones too, but none in node_modules and none by a link', async () => {
    const { repositories, finding } = await found(at('a'))
    expect(Object.keys(repositories).sort()).toEqual([
      'a/deep/er/still/.git',
      'a/mirror.git',
      'a/plain/.git',
      'a/plain/vendor/inner/.git',
    ])
    expect(repositories['a/mirror.git']).toEqual({ folder: 'a/mirror.git', files: [['a/mirror.git/config', 'config', true]] })
    expect(repositories['a/plain/.git']?.folder).toBe('a/plain')
    expect(finding.counts).toMatchObject({ repositories: 5, manifests: 0 })
  })

  test.each(['plain/node_modules/dep', 'mirror.git', 'deep/er/still/.git'])(
    'a folder that was given is looked into: %s',
    async (folder) => {
      expect(Object.keys((await found(at('a', folder))).repositories)).toHaveLength(1)
    },
  )

  test('a folder inside another is walked once', async () => {
    const { finding } = await found(at('a'), at('a', 'deep'), at('a', 'plain', 'vendor'))
    expect(finding.counts).toEqual((await found(at('a'))).finding.counts)
    expect(finding.repositories).toHaveLength(4)
  })

  test('a link that was given leads on', async () => {
    expect(Object.keys((await found(at('a', 'link'))).repositories)).toEqual(['a/link/er/still/.git'])
    expect((await found(at('a', 'link'), at('a'))).finding.repositories).toHaveLength(4)
  })
})

describe('worktrees', () => {
  beforeAll(() => {
    repository(at('w', 'main'), ssh('main'))
    git(at('w', 'main'), 'config', 'extensions.worktreeConfig', 'true')
    for (const name of ['one', 'two']) git(at('w', 'main'), 'worktree', 'add', '--quiet', at('w', name))
    git(at('w', 'one'), 'config', '--worktree', 'remote.origin.pushurl', ssh('main'))
    git(at('w', 'main'), 'config', '--worktree', 'branch.main.pushRemote', ssh('main'))
    write(at('w', 'two', '.gitmodules'), `[submodule "s"]\n\turl = ${ssh('s')}\n`)
    git(at('w', 'main'), 'worktree', 'add', '--quiet', at('outside', 'three'))
  })

  test('are one repository with all their files', async () => {
    const { repositories } = await found(at('w'))
    expect(repositories).toEqual({
      'w/main/.git': {
        folder: 'w/main',
        files: expect.arrayContaining([
          ['w/main/.git/config', 'config', true],
          ['w/main/.git/config.worktree', 'config', true],
          ['w/main/.git/worktrees/one/config.worktree', 'config', true],
          ['w/two/.gitmodules', 'gitmodules', true],
        ]),
      },
    })
    const names = repositories['w/main/.git']?.files.map(([name]) => name)
    expect(new Set(names).size).toBe(names?.length)
  })

  test('of a repository outside are barred, with the folder to give', async () => {
    const { finding, repositories } = await found(at('outside'))
    expect(repositories['w/main/.git']?.files).toContainEqual(['w/main/.git/config', 'config', false])
    expect(finding.repositories[0]?.files[0]?.barred).toEqual({
      reason: `it lies outside the given folders: ${at('w', 'main', '.git', 'config')}`,
      hint: `give that folder too: ${at('w', 'main')}`,
    })
  })
})

describe('submodules', () => {
  beforeAll(() => {
    repository(at('origin'))
    repository(at('s', 'super'))
    git(at('s', 'super'), 'submodule', '--quiet', 'add', '--name', 'libs/one', at('origin'), 'libs/one')
    git(at('s', 'super', 'libs', 'one'), 'submodule', '--quiet', 'add', '--name', 'two', at('origin'), 'two')
    for (const folder of ['libs/one', 'libs/one/two']) git(at('s', 'super', folder), 'remote', 'set-url', 'origin', ssh('x'))
    git(at('s', 'super'), 'config', '--file', '.gitmodules', 'submodule.libs/one.url', ssh('x'))
  })

  test('have their configuration below modules, by names with slashes and nested', async () => {
    const { repositories } = await found(at('s'))
    expect(repositories).toEqual({
      's/super/.git': {
        folder: 's/super',
        files: [
          ['s/super/.git/config', 'config', true],
          ['s/super/.gitmodules', 'gitmodules', true],
        ],
      },
      's/super/.git/modules/libs/one': {
        folder: 's/super',
        files: [
          ['s/super/.git/modules/libs/one/config', 'config', true],
          ['s/super/libs/one/.gitmodules', 'gitmodules', true],
        ],
      },
      's/super/.git/modules/libs/one/modules/two': {
        folder: 's/super',
        files: [['s/super/.git/modules/libs/one/modules/two/config', 'config', true]],
      },
    })
  })

  test('given alone are barred', async () => {
    const { finding } = await found(at('s', 'super', 'libs'))
    const bars = finding.repositories.flatMap(({ files }) => files.map(({ barred }) => barred?.hint))
    expect(bars).toContain(`give that folder too: ${at('s', 'super')}`)
  })
})

describe('what leads elsewhere', () => {
  beforeAll(() => {
    repository(at('far', 'git'), ssh('far'), `--separate-git-dir=${at('far', 'separate')}`)
    repository(at('l', 'linked'), ssh('linked'))
    renameSync(at('l', 'linked', '.git'), at('far', 'moved'))
    symlinkSync(at('far', 'moved'), at('l', 'linked', '.git'))
    repository(at('l', 'config'), ssh('config'))
    renameSync(at('l', 'config', '.git', 'config'), at('far', 'config'))
    symlinkSync(at('far', 'config'), at('l', 'config', '.git', 'config'))
    write(at('l', 'pointer', '.git'), `gitdir: ../../far/separate\r\n`)
    write(at('l', 'nowhere', '.git'), `gitdir: ${at('gone')}\n`)
    write(at('l', 'junk', '.git'), 'junk')
    symlinkSync(at('gone'), at('l', 'junk', 'package.json'))
    symlinkSync(at('far'), at('l', 'junk', 'yarn.lock'))
    repository(at('l', 'worktree'), ssh('worktree'))
    git(at('l', 'worktree'), 'config', 'core.worktree', at('far', 'tree'))
    write(at('far', 'tree', '.gitmodules'), `[submodule "s"]\n\turl = ${ssh('s')}\n`)
    repository(at('l', 'including'))
    write(
      at('l', 'including', '.git', 'more'),
      `[remote "more"]\n\turl = ${ssh('more')}\n[include]\n\tpath = ../../../far/included\n`,
    )
    write(at('far', 'included'), `[remote "far"]\n\turl = ${ssh('far')}\n`)
    git(at('l', 'including'), 'config', 'include.path', 'more')
    write(path.join(home, 'rules'), `[url "${ssh('')}"]\n\tinsteadOf = cc:\n`)
    git(at('l', 'including'), 'config', 'includeIf.onbranch:x.path', '~/rules')
    write(at('far', 'included'), `[remote "far"]\n\turl = ${ssh('far')}\n[include]\n\tpath = included\n`)
    write(at('far', 'package.json'), `{"dependencies": {"x": "git+${ssh('x')}"}}`)
    mkdirSync(at('l', 'manifest'))
    symlinkSync(at('far', 'package.json'), at('l', 'manifest', 'package.json'))
  })

  test.each([
    ['l/linked/.git', 'l/linked/.git/config'],
    ['far/separate', 'far/separate/config'],
    ['l/config/.git', 'l/config/.git/config'],
    ['l/worktree/.git', 'far/tree/.gitmodules'],
    ['l/including/.git', 'far/included'],
    ['l/including/.git', 'home/rules'],
  ])('%s: %s is barred', async (dir, file) => {
    const { repositories, finding } = await found(at('l'))
    expect(repositories[dir]?.files.find(([name]) => name === file)?.[2]).toBe(false)
    expect(finding.unreadable).toEqual([])
  })

  test('the rest of such a repository is not', async () => {
    const { repositories, finding } = await found(at('l'))
    expect(repositories['l/including/.git']?.files).toContainEqual(['l/including/.git/more', 'config', true])
    expect(repositories['l/worktree/.git']?.files).toContainEqual(['l/worktree/.git/config', 'config', true])
    expect(finding.manifests).toMatchObject([
      { file: at('l', 'manifest', 'package.json'), barred: { reason: expect.stringContaining(at('far')) } },
    ])
  })

  test('nothing is barred when those folders are given too', async () => {
    const { finding } = await found(at('l'), at('far'), home)
    const all = [...finding.repositories.flatMap(({ files }) => files), ...finding.manifests]
    expect(all.filter(({ barred }) => barred !== undefined)).toEqual([])
    // By the link and by itself: they are one for the project that they belong to.
    expect(finding.manifests).toHaveLength(2)
    expect(finding.mentions()).toEqual([])
  })
})

describe('what several repositories include', () => {
  beforeAll(() => {
    for (const name of ['a', 'b']) {
      git(repository(at('i', name), ssh(name)), 'config', 'include.path', '../../shared')
    }
    write(at('i', 'shared'), `[remote "s"]\n\turl = ${ssh('s')}\n`)
  })

  test('is edited as that of one, and heeded by all', async () => {
    const { finding } = await found(at('i'))
    const flags = finding.repositories.map(({ files }) => files.map(({ file, shared }) => [path.basename(file), shared]))
    expect(flags).toEqual([
      [
        ['config', false],
        ['shared', false],
      ],
      [
        ['config', false],
        ['shared', true],
      ],
    ])
  })
})

describe('manifests and mentions', () => {
  test('by their names; the text of those that may name CodeCommit', async () => {
    const text = `source = "git::${ssh('x')}"`
    const reported = `
      main.tf prod.tfvars terragrunt.hcl a.tf.json Podfile Gemfile requirements-dev.txt requirements/base.txt constraints.txt pyproject.toml
      setup.py Pipfile poetry.lock Cargo.toml composer.json Dockerfile Dockerfile.prod Dockerfile-dev app.dockerfile
      buildspec.yml buildspec-ci.yaml buildspec/prod-buildspec.yml .gitlab-ci.yml .gitlab/jobs/x.yml ci/jobs/x.yml
      ci/gitlab-template.yml Jenkinsfile Jenkinsfile.prod vars/x.groovy .github/workflows/x.yml .github/actions/a/action.yml
      .circleci/config.yml azure-pipelines.yml pipelines/templates/x.yml docker-compose.yml deploy.yml app-release.yaml x.sh
      x.ps1 bin/setup scripts/bootstrap .husky/pre-push Makefile Makefile.am sub/.gitmodules
    `
      .split(/\s+/)
      .filter(Boolean)
    const others = ['README.md', 'other.txt', 'other.yml', 'specific.yml', 'x.ts', 'x.json', 'go.mod', 'LICENSE', 'binary/x']
    for (const name of [...reported, ...others]) write(at('m', name), text)
    writeFileSync(at('m', 'utf16.ps1'), `\ufeff${text}`, 'utf16le')
    reported.push('utf16.ps1')
    write(at('m', 'clean.sh'), 'git clone https://github.com/a/b')
    write(at('m', 'package.json'), '{}')
    write(at('m', 'pnpm-lock.yaml'), `version: git+${ssh('x')}`)
    write(at('m', 'yarn.lock'), 'resolved "ssh://alias/v1/repos/x"')
    write(at('m', 'npm-shrinkwrap.json'), '"ssh://GIT-CODECOMMIT.us-east-1.amazonaws.com"')
    write(at('m', 'node_modules', 'package.json'), ssh('x'))
    const { finding } = await found(at('m'))
    const names = (files: readonly { file: string }[]) => files.map(({ file }) => path.relative(at('m'), file)).sort()
    expect(names(finding.mentions())).toEqual(reported.sort())
    expect(names(finding.manifests)).toEqual(['npm-shrinkwrap.json', 'package.json', 'pnpm-lock.yaml', 'yarn.lock'])
    expect(finding.manifests.filter((one) => one.text === undefined).map((one) => path.basename(one.file))).toEqual([
      'package.json',
    ])
  })

  test('a large file is read whole', async () => {
    write(at('large', 'yarn.lock'), `${'#'.repeat(200_000)}\n${ssh('x')}\n`)
    expect((await found(at('large'))).finding.manifests[0]?.text).toHaveLength(200_001 + ssh('x').length + 1)
  })
})

test('what cannot be read is said, and the rest goes on', async () => {
  repository(at('u', 'plain'), ssh('plain'))
  // As root too: a name that is no UTF-8 is not found by what Node makes of it.
  mkdirSync(Buffer.concat([Buffer.from(at('u', 'x')), Buffer.from([0xff])]))
  const { finding } = await found(at('u'))
  expect(finding.unreadable).toEqual([{ path: at('u', 'x\ufffd'), reason: 'ENOENT', matters: false }])
  expect(finding.repositories).toHaveLength(1)
})

test.skipIf(process.platform === 'win32')('a pipe or a device in the place of a file keeps nobody waiting', async () => {
  const folder = repository(at('p', 'r'), ssh('r'))
  for (const name of ['package.json', 'main.tf', '.gitmodules', 'sub/.git', '.git/config.worktree', 'included']) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    execFileSync('mkfifo', [path.join(folder, name)])
  }
  git(folder, 'config', 'include.path', '/dev/zero')
  symlinkSync('/dev/zero', path.join(folder, 'yarn.lock'))
  const { finding, repositories } = await found(folder)
  expect(repositories['p/r/.git']?.files).toContainEqual(['p/r/.git/config', 'config', true])
  expect(finding.mentions()).toEqual([])
  expect(finding.unreadable.map(({ reason }) => reason)).toEqual(['EINVAL', 'EINVAL'])
})

test('a home of its own is not part of the tree', async () => {
  expect((await found(at('home'))).finding.repositories).toEqual([])
})

test('progress comes with counts', async () => {
  const counts: unknown[] = []
  await find([at('a')], home, { progress: (sofar) => counts.push(sofar) })
  expect(counts.at(-1)).toMatchObject({ repositories: 5 })
})
