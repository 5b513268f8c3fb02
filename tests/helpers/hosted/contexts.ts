// What a run knows: its event, and the contexts that its workflow file may name.

import type { Github } from '../github-shapes.ts'
import type { Contexts } from './expressions.ts'
import type { HostedRepository, HostedRun, Pending } from './types.ts'

/** The commit that every run sees. */
export const COMMIT = '3484a3fb816e0859fd6e1cea078d76385ff50625'

/** The contexts of a run's jobs; of a job before its steps without its token. */
export function contextsOf(
  { run, file, payload, inputs, branch }: Pending,
  repository: HostedRepository,
  token = '',
): Contexts {
  const { github, vars, secrets, runs } = repository
  const context = {
    event: payload,
    event_name: run.event,
    actor: run.actor,
    triggering_actor: run.actor,
    repository: github.repository,
    repository_owner: github.repository.split('/')[0],
    ref: `refs/heads/${branch}`,
    ref_name: branch,
    ref_type: 'branch',
    sha: COMMIT,
    run_id: run.id,
    run_number: String(runs.filter(({ workflow }) => workflow === file.name).indexOf(run) + 1),
    run_attempt: '1',
    workflow: file.name,
    server_url: 'https://github.test',
    api_url: github.url,
    token,
  }
  return { github: context, inputs, vars, secrets: { ...secrets, GITHUB_TOKEN: token } }
}

/** As payloads tell of the repository. */
export function aboutRepository({ facts, repository }: Github): object {
  const [owner, name] = repository.split('/')
  const { default_branch, private: isPrivate, fork } = facts
  return { id: 17273051, name, full_name: repository, owner: { login: owner }, default_branch, private: isPrivate, fork } // prettier-ignore
}

/** The payload of workflow_run: a workflow's run has ended. */
export function aboutParent(run: HostedRun, branch: string, repository: string): Record<string, unknown> {
  return {
    action: 'completed',
    workflow: { name: run.workflow, path: `.github/workflows/${run.workflow}.yml` },
    workflow_run: {
      id: Number(run.id),
      name: run.workflow,
      event: run.event,
      status: 'completed',
      conclusion: run.conclusion,
      head_branch: branch,
      head_sha: COMMIT,
      head_repository: { full_name: repository },
      run_attempt: 1,
    },
  }
}
