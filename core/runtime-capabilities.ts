/** The capabilities that were added while an app runs, and what becomes of them when what decides is replaced. */
import { type AuthorityProblem, refuse, type RuntimeAuthority } from './acl/authority.ts';
import type { Capability } from './acl/capability.ts';

interface Added {
  readonly capability: Capability;
  /** with whom it goes; undefined: it stays for as long as the app runs */
  readonly owner: object | undefined;
  /** what was wrong with it when it was last resolved, so that every problem is told once */
  wrong: ReadonlySet<string>;
}

export class RuntimeCapabilities {
  #added: readonly Added[] = [];
  readonly #note: (text: string) => void;

  /** @param note leaves a record of what has become wrong */
  constructor(note: (text: string) => void) {
    this.#note = note;
  }

  /** @throws AclError where one is not right; nothing is added then */
  add(authority: RuntimeAuthority, capabilities: readonly Capability[], owner: object | undefined): void {
    const added = capabilities.map((capability) => ({ capability, owner, wrong: new Set<string>() }));
    authority.addCapability(capabilities, (problem) => {
      refuse(problem);
      added.find(({ capability }) => capability === problem.capability)?.wrong.add(siteOf(problem));
    });
    this.#added = [...this.#added, ...added];
  }

  /** Takes back what `owner` added; what else was added stays. */
  drop(authority: RuntimeAuthority, owner: object): void {
    const kept = this.#added.filter((each) => each.owner !== owner);
    if (kept.length === this.#added.length) return;
    this.#added = kept;
    authority.reset();
    this.restore(authority);
  }

  /**
   * Gives an authority all that was added. Manifests may have changed since: what has become wrong leaves a record, and
   * the rest holds, denials above all.
   */
  restore(authority: RuntimeAuthority): void {
    for (const added of this.#added) {
      const wrong = new Set<string>();
      authority.addCapability([added.capability], (problem) => {
        wrong.add(siteOf(problem));
        if (added.wrong.has(siteOf(problem))) return;
        this.#note(
          `capability "${added.capability.identifier}", which was added while the app runs: ${problem.message}`,
        );
      });
      added.wrong = wrong;
    }
  }
}

const siteOf = ({ code, path }: AuthorityProblem) => `${code} ${path.join('.')}`;
