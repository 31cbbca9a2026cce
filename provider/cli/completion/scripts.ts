/** Shells that can complete. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof SHELLS)[number];

/**
 * Each asks the command for one candidate per line, `value<tab>description`. Without one, the shell
 * completes names of files. A command that is an alias of npx is asked through npx.
 */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = {
  // Also for bash 3.2, which macOS brings.
  bash: `# Completion of pulumi-connectors for bash.
_pulumi_connectors() {
  local word line
  local -a words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    words+=("\${word//\\\\/}")
  done
  if type -P "$1" > /dev/null; then
    set -- "$1"
  else
    set -- npx --no pulumi-connectors
  fi
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$(printf '%q' "\${line%%$'\\t'*}")")
  done < <("$@" completion --complete -- "\${words[@]}" 2> /dev/null)
}
complete -o default -F _pulumi_connectors pulumi-connectors
`,
  zsh: `#compdef pulumi-connectors
# Completion of pulumi-connectors for zsh.
_pulumi_connectors() {
  local line
  local -a program candidates
  program=("\${(Q)words[1]}")
  (( $+commands[$program] )) || [[ -x $program ]] || program=(npx --no pulumi-connectors)
  for line in "\${(@f)$($program completion --complete -- "\${(@Q)words[2,CURRENT]}" 2> /dev/null)}"; do
    [[ -n $line ]] && candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#candidates} )); then
    _describe pulumi-connectors candidates
  else
    _files
  fi
}
if [[ \${funcstack[1]} == _pulumi-connectors ]]; then
  _pulumi_connectors "$@"
else
  compdef _pulumi_connectors pulumi-connectors
fi
`,
  fish: `# Completion of pulumi-connectors for fish.
function __pulumi_connectors_candidates
    set -l words (commandline -opc)
    set -l program $words[1]
    type -fq -- $program; or set program npx --no pulumi-connectors
    set -l candidates ($program completion --complete -- $words[2..-1] (commandline -ct) 2> /dev/null)
    if set -q candidates[1]
        printf '%s\\n' $candidates
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c pulumi-connectors -f -a '(__pulumi_connectors_candidates)'
`,
};
