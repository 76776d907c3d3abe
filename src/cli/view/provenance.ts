/** Provenance for people: `3f2a91c on main, with changes that were not committed`. */
import type { Provenance } from "../../model/provenance.ts";

export function provenanceText({ node, platform, git, lockfile }: Provenance): string {
  return [
    ...(git ? [sourceText(git)] : []),
    `Node ${node}, ${platform}`,
    ...(lockfile ? [`${lockfile.name} ${lockfile.hash.slice(0, "sha256:".length + 12)}`] : []),
  ].join("\n");
}

function sourceText({ commit, branch, diff }: NonNullable<Provenance["git"]>): string {
  const changes = diff
    ? `, with changes that were not committed (--diff shows ${diff.cut ? "their beginning" : "them"})`
    : "";
  return `commit ${commit.slice(0, 12)}${branch === undefined ? "" : ` on ${branch}`}${changes}`;
}
