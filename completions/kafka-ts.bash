# bash completion for kafka-ts. Generated: kafka-ts completion bash
_kafka_ts() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} first=${COMP_WORDS[1]} second=${COMP_WORDS[2]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W 'topics partitions groups offsets leaders brokers cluster context embedded produce consume completion --help --version' -- "$current"))
    return
  fi
  case $first in
    topic) first=topics ;;
    partition) first=partitions ;;
    group) first=groups ;;
    offset) first=offsets ;;
    leader) first=leaders ;;
    broker) first=brokers ;;
    clusters) first=cluster ;;
    contexts) first=context ;;
  esac
  if ((COMP_CWORD == 2)); then
    case $first in
      topics) COMPREPLY=($(compgen -W 'list describe create alter delete --help' -- "$current")) && return ;;
      partitions) COMPREPLY=($(compgen -W 'list add reassign reassignments cancel unthrottle truncate --help' -- "$current")) && return ;;
      groups) COMPREPLY=($(compgen -W 'list describe lag remove-members delete --help' -- "$current")) && return ;;
      offsets) COMPREPLY=($(compgen -W 'list reset export delete find --help' -- "$current")) && return ;;
      leaders) COMPREPLY=($(compgen -W 'list balance elect rollback simulate snapshot --help' -- "$current")) && return ;;
      brokers) COMPREPLY=($(compgen -W 'list describe alter log-dirs drain --help' -- "$current")) && return ;;
      cluster) COMPREPLY=($(compgen -W 'describe check quorum features --help' -- "$current")) && return ;;
      context) COMPREPLY=($(compgen -W 'list show add use remove --help' -- "$current")) && return ;;
      embedded) COMPREPLY=($(compgen -W 'start stop status run kill pause resume reset --help' -- "$current")) && return ;;
    esac
  fi
  case "$first $second" in
    'topics list')
      case $previous in
        --match) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--match --include-internal --bootstrap-server --command-config --context --timeout --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'topics describe')
      case $previous in
        --match) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--match --include-internal --bootstrap-server --command-config --context --timeout --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'topics create')
      case $previous in
        --partitions | -p) return ;;
        --replication-factor | -r) return ;;
        --replica-assignment) return ;;
        --config) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--partitions -p --replication-factor -r --replica-assignment --config --if-not-exists --bootstrap-server --command-config --context --timeout --dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'topics alter')
      case $previous in
        --match) return ;;
        --config) return ;;
        --delete-config) return ;;
        --partitions) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
        --undo-file) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--match --include-internal --config --delete-config --partitions --bootstrap-server --command-config --context --timeout --dry-run --detailed-exitcode --yes -y --confirm --undo-file --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'topics delete')
      case $previous in
        --match) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--match --include-internal --if-exists --bootstrap-server --command-config --context --timeout --dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'partitions list')
      case $previous in
        --match) return ;;
        --broker) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --interval) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--match --include-internal --under-replicated --under-min-isr --at-min-isr --unavailable --not-preferred --broker --bootstrap-server --command-config --context --timeout --watch --interval --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'partitions add')
      case $previous in
        --match) return ;;
        --partitions | -p) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--match --include-internal --partitions -p --bootstrap-server --command-config --context --timeout --dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'partitions reassign')
      case $previous in
        --match) return ;;
        --to-brokers) return ;;
        --off-brokers) return ;;
        --replication-factor) return ;;
        --plan) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --batch) return ;;
        --pause) return ;;
        --throttle) return ;;
        --wait) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
        --undo-file) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--all --match --include-internal --to-brokers --off-brokers --replication-factor --plan --batch --pause --throttle --wait --detach --bootstrap-server --command-config --context --timeout --dry-run --detailed-exitcode --yes -y --confirm --undo-file --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'partitions reassignments')
      case $previous in
        --match) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --interval) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--match --bootstrap-server --command-config --context --timeout --watch --interval --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'partitions cancel')
      case $previous in
        --match) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--all --match --include-internal --bootstrap-server --command-config --context --timeout --dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'partitions unthrottle')
      case $previous in
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--bootstrap-server --command-config --context --timeout --dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'partitions truncate')
      case $previous in
        --match) return ;;
        --to-offset) return ;;
        --before) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--all --match --include-internal --to-offset --before --all-records --bootstrap-server --command-config --context --timeout --dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'groups list')
      case $previous in
        --match) return ;;
        --state) return ;;
        --type) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --interval) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--match --state --type --bootstrap-server --command-config --context --timeout --watch --interval --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'groups describe')
      case $previous in
        --match) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --interval) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--match --bootstrap-server --command-config --context --timeout --watch --interval --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'groups lag')
      case $previous in
        --match) return ;;
        --topic) return ;;
        --by) COMPREPLY=($(compgen -W 'partition topic group' -- "$current")) && return ;;
        --max-lag) return ;;
        --max-lag-time) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --interval) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--match --topic --by --max-lag --max-lag-time --bootstrap-server --command-config --context --timeout --watch --interval --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'groups remove-members')
      case $previous in
        --member) return ;;
        --instance) return ;;
        --reason) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--member --instance --all --reason --bootstrap-server --command-config --context --timeout --dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'groups delete')
      case $previous in
        --match) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--match --if-exists --bootstrap-server --command-config --context --timeout --dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'offsets list')
      case $previous in
        --match) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--match --bootstrap-server --command-config --context --timeout --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'offsets reset')
      case $previous in
        --match) return ;;
        --topic) return ;;
        --to-offset) return ;;
        --shift-by) return ;;
        --to-datetime) return ;;
        --by-duration) return ;;
        --from-file) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --from-group) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
        --undo-file) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--match --topic --all-topics --to-earliest --to-latest --to-current --to-offset --shift-by --to-datetime --by-duration --from-file --from-group --create-group --bootstrap-server --command-config --context --timeout --dry-run --detailed-exitcode --yes -y --confirm --undo-file --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'offsets export')
      case $previous in
        --match) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--match --bootstrap-server --command-config --context --timeout --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'offsets delete')
      case $previous in
        --match) return ;;
        --topic) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
        --undo-file) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--match --topic --all-topics --bootstrap-server --command-config --context --timeout --dry-run --detailed-exitcode --yes -y --confirm --undo-file --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'offsets find')
      case $previous in
        --at) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--at --bootstrap-server --command-config --context --timeout --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'leaders list')
      case $previous in
        --topic) return ;;
        --match) return ;;
        --group-by) COMPREPLY=($(compgen -W 'broker rack topic' -- "$current")) && return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--topic --match --include-internal --group-by --bootstrap-server --command-config --context --timeout --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'leaders balance')
      case $previous in
        --topic) return ;;
        --match) return ;;
        --exclude-broker) return ;;
        --tolerance) return ;;
        --max-moves) return ;;
        --weight) COMPREPLY=($(compgen -W 'bytes rate' -- "$current")) && return ;;
        --sample) return ;;
        --batch) return ;;
        --pause) return ;;
        --throttle) return ;;
        --wait) return ;;
        --plan-out) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --plan) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --report) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
        --undo-file) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--topic --match --include-internal --exclude-broker --per-topic --per-rack --tolerance --max-moves --weight --sample --move-replicas --batch --pause --throttle --wait --plan-out --plan --report --bootstrap-server --command-config --context --timeout --dry-run --detailed-exitcode --yes -y --confirm --undo-file --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'leaders elect')
      case $previous in
        --match) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--all --match --include-internal --unclean --bootstrap-server --command-config --context --timeout --dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'leaders rollback')
      case $previous in
        --batch) return ;;
        --pause) return ;;
        --throttle) return ;;
        --wait) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
        --undo-file) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--batch --pause --throttle --wait --bootstrap-server --command-config --context --timeout --dry-run --detailed-exitcode --yes -y --confirm --undo-file --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'leaders simulate')
      case $previous in
        --without-broker) return ;;
        --snapshot) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--without-broker --balanced --snapshot --bootstrap-server --command-config --context --timeout --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'leaders snapshot')
      case $previous in
        --topic) return ;;
        --match) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--topic --match --include-internal --bootstrap-server --command-config --context --timeout --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'brokers list')
      case $previous in
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --interval) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--bootstrap-server --command-config --context --timeout --watch --interval --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'brokers describe')
      case $previous in
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--bootstrap-server --command-config --context --timeout --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'brokers alter')
      case $previous in
        --config) return ;;
        --delete-config) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
        --undo-file) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--default --config --delete-config --bootstrap-server --command-config --context --timeout --dry-run --detailed-exitcode --yes -y --confirm --undo-file --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'brokers log-dirs')
      case $previous in
        --topic) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --interval) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--topic --bootstrap-server --command-config --context --timeout --watch --interval --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'brokers drain')
      case $previous in
        --batch) return ;;
        --pause) return ;;
        --throttle) return ;;
        --wait) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
        --undo-file) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--leaders-only --batch --pause --throttle --wait --bootstrap-server --command-config --context --timeout --dry-run --detailed-exitcode --yes -y --confirm --undo-file --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'cluster describe')
      case $previous in
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--bootstrap-server --command-config --context --timeout --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'cluster check')
      case $previous in
        --max-quorum-lag-time) return ;;
        --max-leader-skew) return ;;
        --max-disk-used) return ;;
        --max-disk-skew) return ;;
        --max-transaction-time) return ;;
        --reassignment-sample) return ;;
        --max-lag) return ;;
        --max-lag-time) return ;;
        --skip) return ;;
        --fail-on) COMPREPLY=($(compgen -W 'warning critical' -- "$current")) && return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --interval) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name prometheus' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--max-quorum-lag-time --max-leader-skew --max-disk-used --max-disk-skew --max-transaction-time --reassignment-sample --max-lag --max-lag-time --skip --fail-on --bootstrap-server --command-config --context --timeout --watch --interval --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'cluster quorum')
      case $previous in
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--bootstrap-server --command-config --context --timeout --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'cluster features')
      case $previous in
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--bootstrap-server --command-config --context --timeout --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'context list')
      case $previous in
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'context show')
      case $previous in
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--bootstrap-server --command-config --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current"))
      fi
      ;;
    'context add')
      case $previous in
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --ca) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --ca-password-from) return ;;
        --certificate) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --key) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --key-password-from) return ;;
        --sasl) COMPREPLY=($(compgen -W 'PLAIN SCRAM-SHA-256 SCRAM-SHA-512 OAUTHBEARER' -- "$current")) && return ;;
        --username) return ;;
        --password-from) return ;;
        --token-command) return ;;
        --token-endpoint) return ;;
        --client-id) return ;;
        --client-secret-from) return ;;
        --scope) return ;;
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--bootstrap-server --command-config --tls --ca --ca-password-from --certificate --key --key-password-from --skip-hostname-check --sasl --username --password-from --token-command --token-endpoint --client-id --client-secret-from --scope --read-only --confirm-name --use --replace --dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'context use')
      case $previous in
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current"))
      fi
      ;;
    'context remove')
      case $previous in
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current"))
      fi
      ;;
    'embedded start')
      case $previous in
        --name) return ;;
        --brokers) return ;;
        --racks) return ;;
        --config) return ;;
        --port) return ;;
        --data-dir) COMPREPLY=($(compgen -d -- "$current")) && return ;;
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--name --brokers --racks --isolate --config --port --ephemeral --data-dir --dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'embedded stop')
      case $previous in
        --name) return ;;
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--name --dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'embedded status')
      case $previous in
        --name) return ;;
        --interval) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--name --watch --interval --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'embedded run')
      case $previous in
        --brokers) return ;;
        --racks) return ;;
        --config) return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--brokers --racks --isolate --config --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'embedded kill')
      case $previous in
        --name) return ;;
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--name --dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'embedded pause')
      case $previous in
        --name) return ;;
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--name --dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'embedded resume')
      case $previous in
        --name) return ;;
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--name --dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'embedded reset')
      case $previous in
        --name) return ;;
        --confirm) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--name --dry-run --detailed-exitcode --yes -y --confirm --output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'produce '*)
      case $previous in
        --file) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --key-separator) return ;;
        --header) return ;;
        --partition) return ;;
        --acks) COMPREPLY=($(compgen -W '0 1 all' -- "$current")) && return ;;
        --compression) COMPREPLY=($(compgen -W 'none gzip snappy lz4 zstd' -- "$current")) && return ;;
        --delivery-timeout) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'text json' -- "$current")) && return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--file --key-separator --json --empty-as-null --header --partition --acks --compression --delivery-timeout --output -o --bootstrap-server --command-config --context --timeout --confirm --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'consume '*)
      case $previous in
        --from) return ;;
        --to) return ;;
        --max) return ;;
        --partition) return ;;
        --isolation) COMPREPLY=($(compgen -W 'read_uncommitted read_committed' -- "$current")) && return ;;
        --group) return ;;
        --output | -o) COMPREPLY=($(compgen -W 'text json' -- "$current")) && return ;;
        --format) return ;;
        --key-separator) return ;;
        --bootstrap-server) return ;;
        --command-config) COMPREPLY=($(compgen -f -- "$current")) && return ;;
        --context) COMPREPLY=($(compgen -W "$(kafka-ts context list -o name 2> /dev/null) embedded" -- "$current")) && return ;;
        --timeout) return ;;
        --confirm) return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--from --to --max --partition --follow -f --isolation --group --output -o --format --key-separator --bootstrap-server --command-config --context --timeout --confirm --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W '' -- "$current"))
      fi
      ;;
    'completion '*)
      case $previous in
        --output | -o) COMPREPLY=($(compgen -W 'table wide json yaml csv name' -- "$current")) && return ;;
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '--output -o --no-color --verbose -v --help -h' -- "$current"))
      else
        COMPREPLY=($(compgen -W 'bash zsh fish' -- "$current"))
      fi
      ;;
  esac
}
complete -F _kafka_ts kafka-ts
