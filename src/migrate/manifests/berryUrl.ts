import type { Translate } from '../url/translate.ts'

/** Whether it is proven that the repository of this https URL can also be fetched with `.git` behind it. */
export type DotGit = (url: string) => boolean

/**
 * Yarn 2 and newer take an https URL for a git repository only when it ends in `.git` (isGitUrl of plugin-git), which is
 * no name that CodeCommit documents, and none that the helper signs: only where `dotGit` knows better (by an insteadOf rule of
 * the user's that takes it off, say), a dependency moves, in that form.
 */
export function forBerry(translate: Translate, dotGit: DotGit): Translate {
  return (url, use, place) => {
    const verdict = translate(url, use, place)
    if (verdict.verdict !== 'move' || use !== 'dependency' || !verdict.remote?.to.startsWith('https:')) return verdict
    const { remote, account } = verdict
    if (dotGit(remote.to)) {
      const to = `${remote.to}.git`
      return { ...verdict, to: verdict.to.replace(remote.to, to), remote: { ...remote, to } }
    }
    return {
      verdict: 'refuse',
      account,
      reason: 'yarn 2 and newer want a URL that ends in .git, and whether CodeCommit serves that is not proven',
      hint: 'give --bridge, which leaves it as it is and has git translate it; or --verify, where a rule of yours takes off .git',
    }
  }
}
