/**
 * Every form of CodeCommit's hosts, as git's `credential.<url>` matches them: `*` is one whole label (gitcredentials(7),
 * git 2.26). Their case and `:443` make no difference to git.
 */
export const codecommitUrls: readonly string[] = ['amazonaws.com', 'amazonaws.com.cn'].flatMap((domain) => [
  `https://git-codecommit.*.${domain}`,
  `https://git-codecommit-fips.*.${domain}`,
  `https://*.git-codecommit.*.vpce.${domain}`,
  `https://*.git-codecommit-fips.*.vpce.${domain}`,
])
