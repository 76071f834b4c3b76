{{/* What the restricted pod security standard asks for, and a little more. */}}
{{- define "madang.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .Values.podDefaults.runAsUser }}
  runAsGroup: {{ .Values.podDefaults.runAsUser }}
  fsGroup: {{ .Values.podDefaults.runAsUser }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- end -}}
{{- define "madang.containerSecurity" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "madang.scheduling" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .Values.podDefaults.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.podDefaults.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/*
Probes of a Quarkus process, on its management port. Three minutes to start, a migration included. Started is what is alive: /q/health/started waits for
Kafka, and a process must not be started anew because its broker is not there yet.
*/}}
{{- define "madang.probes" -}}
startupProbe:
  httpGet: {path: /q/health/live, port: management}
  periodSeconds: 3
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /q/health/live, port: management}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /q/health/ready, port: management}
  periodSeconds: 5
  timeoutSeconds: 4
  failureThreshold: 3
{{- end -}}

{{/* Environment of each of the three services. Takes (list $ service owner): `service` as in the values, `owner` whether migrations run. */}}
{{- define "madang.serviceEnv" -}}
{{- $ := index . 0 -}}
{{- $service := index . 1 -}}
{{- $owner := index . 2 -}}
{{- $database := index $.Values.postgres.databases $service -}}
{{- $host := include "madang.postgres.host" $ -}}
{{- $port := include "madang.postgres.port" $ -}}
- {name: MADANG_ENVIRONMENT, value: {{ $.Values.environment | quote }}}
- {name: MADANG_ORIGIN, value: {{ $.Values.origin | quote }}}
- {name: MADANG_TRUST_ANCHOR, value: /etc/madang/trust/root.pem}
- {name: MADANG_DATA_DIR, value: /var/lib/madang}
- {name: MADANG_KEYCLOAK_URL, value: {{ printf "%s/auth/realms/madang" (include "madang.keycloak.url" $) | quote }}}
- {name: QUARKUS_HTTP_HOST, value: 0.0.0.0}
- {name: QUARKUS_HTTP_PORT, value: "8080"}
- {name: QUARKUS_MANAGEMENT_HOST, value: 0.0.0.0}
- {name: QUARKUS_MANAGEMENT_PORT, value: "9000"}
- name: QUARKUS_DATASOURCE_JDBC_URL
  value: {{ printf "jdbc:postgresql://%s:%s/%s?sslmode=%s%s" $host $port $database.name $.Values.postgres.sslMode (ternary "&sslrootcert=/etc/madang/postgres/ca.crt" "" (eq $.Values.postgres.sslMode "verify-full")) | quote }}
- {name: QUARKUS_DATASOURCE_REACTIVE_URL, value: {{ printf "postgresql://%s:%s/%s" $host $port $database.name | quote }}}
- {name: QUARKUS_DATASOURCE_REACTIVE_POSTGRESQL_SSL_MODE, value: {{ $.Values.postgres.sslMode }}}
{{- if include "madang.postgres.verified" $ }}
- {name: QUARKUS_DATASOURCE_REACTIVE_TRUST_CERTIFICATE_PEM, value: "true"}
- {name: QUARKUS_DATASOURCE_REACTIVE_TRUST_CERTIFICATE_PEM_CERTS, value: /etc/madang/postgres/ca.crt}
- {name: QUARKUS_DATASOURCE_REACTIVE_HOSTNAME_VERIFICATION_ALGORITHM, value: HTTPS}
{{- end }}
{{- $secret := ternary $database.ownerSecret $database.secret $owner }}
- name: QUARKUS_DATASOURCE_USERNAME
  valueFrom: {secretKeyRef: {name: {{ $secret }}, key: username}}
- name: QUARKUS_DATASOURCE_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ $secret }}, key: password}}
- {name: KAFKA_BOOTSTRAP_SERVERS, value: {{ include "madang.kafka.servers" $ | quote }}}
{{- if not $owner }}
- {name: QUARKUS_FLYWAY_MIGRATE_AT_START, value: {{ eq $.Values.migrations.mode "at-start" | quote }}}
{{- include "madang.kafkaEnv" (list $ $service) }}
{{- end }}
{{- if has $service (list "identity" "records") }}
- {name: MADANG_HANDOVER_DIR, value: /var/lib/madang-handover}
{{- end }}
{{- if eq $service "identity" }}
- {name: MADANG_CA_CERTIFICATE, value: /etc/madang/ca/tls.crt}
- {name: MADANG_CA_KEY, value: /etc/madang/ca/tls.key}
{{- if $.Values.identity.walletProvidersConfigMap }}
- {name: MADANG_WALLET_PROVIDERS, value: /etc/madang/wallet-providers/wallet-providers.pem}
{{- end }}
- {name: MADANG_SIGN_IN_CLIENT_ID, value: {{ $.Values.identity.signIn.clientId | quote }}}
- {name: MADANG_REGISTRY_CLIENT_ID, value: {{ $.Values.identity.registry.clientId | quote }}}
{{- if not $owner }}
- name: MADANG_SIGN_IN_CLIENT_SECRET
  valueFrom: {secretKeyRef: {name: {{ $.Values.identity.signIn.secret }}, key: client-secret}}
- name: MADANG_REGISTRY_CLIENT_SECRET
  valueFrom: {secretKeyRef: {name: {{ $.Values.identity.registry.secret }}, key: client-secret}}
{{- end }}
{{- else if include "madang.usesChain" (list $ $service) }}
- {name: MADANG_CHAIN_RPC_URL, value: {{ $.Values.chain.rpcUrl | quote }}}
- {name: MADANG_CHAIN_PROFILE, value: {{ $.Values.chain.profile }}}
- {name: MADANG_CHAIN_KEYS_DIR, value: /run/madang/chain-keys}
{{- with ternary $.Values.chain.ledgerAddress "" (eq $service "payment") }}
- {name: MADANG_CHAIN_LEDGER_ADDRESS, value: {{ . | quote }}}
{{- end }}
{{- with ternary $.Values.chain.anchorAddress "" (eq $service "records") }}
- {name: MADANG_CHAIN_ANCHOR_ADDRESS, value: {{ . | quote }}}
{{- end }}
{{- end }}
{{- if and (eq $.Values.keys.store "pkcs11") (not $owner) }}
- {name: MADANG_KEYS_STORE, value: pkcs11}
- {name: MADANG_KEYS_PKCS11_LIBRARY, value: {{ required "keys.store pkcs11: keys.pkcs11.library is needed" $.Values.keys.pkcs11.library | quote }}}
{{- with $.Values.keys.pkcs11.slot }}
- {name: MADANG_KEYS_PKCS11_SLOT, value: {{ . | quote }}}
{{- end }}
- name: MADANG_KEYS_PKCS11_PIN
  valueFrom: {secretKeyRef: {name: {{ required "keys.store pkcs11: keys.pkcs11.secret is needed" $.Values.keys.pkcs11.secret }}, key: pin}}
{{- end }}
{{- if and $.Values.tracing.endpoint (not $owner) }}
- {name: MADANG_TRACING_ENDPOINT, value: {{ $.Values.tracing.endpoint | quote }}}
- {name: MADANG_TRACING_RATIO, value: {{ $.Values.tracing.ratio | quote }}}
{{- end }}
- {name: JAVA_TOOL_OPTIONS, value: {{ $.Values.javaOptions | quote }}}
{{- end -}}

{{/* How Kafka's clients authenticate: the environment names become kafka.* properties. Takes (list $ service). */}}
{{- define "madang.kafkaEnv" -}}
{{- $ := index . 0 -}}
{{- if $.Values.kafka.operator.enabled }}
- {name: KAFKA_SECURITY_PROTOCOL, value: SSL}
- {name: KAFKA_SSL_TRUSTSTORE_TYPE, value: PEM}
- {name: KAFKA_SSL_TRUSTSTORE_LOCATION, value: /etc/madang/kafka-ca/ca.crt}
- {name: KAFKA_SSL_KEYSTORE_TYPE, value: PKCS12}
- {name: KAFKA_SSL_KEYSTORE_LOCATION, value: /etc/madang/kafka-user/user.p12}
- name: KAFKA_SSL_KEYSTORE_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ include "madang.fullname" $ }}-{{ index . 1 }}, key: user.password}}
{{- else }}
{{- if or $.Values.kafka.external.caSecret $.Values.kafka.external.saslSecret }}
- {name: KAFKA_SECURITY_PROTOCOL, value: {{ printf "%s%s" (ternary "SASL_" "" (ne $.Values.kafka.external.saslSecret "")) (ternary "SSL" "PLAINTEXT" (ne $.Values.kafka.external.caSecret "")) }}}
{{- end }}
{{- if $.Values.kafka.external.caSecret }}
- {name: KAFKA_SSL_TRUSTSTORE_TYPE, value: PEM}
- {name: KAFKA_SSL_TRUSTSTORE_LOCATION, value: /etc/madang/kafka-ca/ca.crt}
{{- end }}
{{- if $.Values.kafka.external.saslSecret }}
- {name: KAFKA_SASL_MECHANISM, value: {{ $.Values.kafka.external.saslMechanism }}}
- name: KAFKA_SASL_JAAS_CONFIG
  valueFrom: {secretKeyRef: {name: {{ $.Values.kafka.external.saslSecret }}, key: jaas}}
{{- end }}
{{- end }}
{{- end -}}

{{/* Whether a service talks to the chain. Takes (list $ service). */}}
{{- define "madang.usesChain" -}}
{{- $ := index . 0 -}}
{{- if and $.Values.chain.rpcUrl (has (index . 1) (list "payment" "records")) -}}true{{- end -}}
{{- end -}}

{{/* Deployment of one of the three services. Takes a dict: root, service (values of database, storage, chain keys), component (its own values, its labels). */}}
{{- define "madang.serviceDeployment" -}}
{{- $ := .root -}}
{{- $service := .service -}}
{{- $component := .component -}}
{{- $values := index $.Values $component -}}
{{- $store := index $.Values $service -}}
{{- include "madang.requireShared" (list $ $service $values $store.storage) -}}
{{- $chain := include "madang.usesChain" (list $ $service) -}}
{{- if and (eq $service "payment") (not $chain) -}}
{{- fail "payment needs chain.rpcUrl: nothing settles without a chain" -}}
{{- end -}}
{{- if and $chain (eq $.Values.chain.profile "production") -}}
{{- $_ := required (printf "chain.%s is needed in the chain's production profile" (ternary "ledgerAddress" "anchorAddress" (eq $service "payment"))) (ternary $.Values.chain.ledgerAddress $.Values.chain.anchorAddress (eq $service "payment")) -}}
{{- end -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "madang.metadata" (list $ $component) | nindent 2 }}
spec:
  {{- if not (or $values.autoscaling.enabled (dig "keda" "enabled" false $values)) }}
  replicas: {{ $values.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  strategy:
    {{- if eq $store.storage.accessMode "ReadWriteMany" }}
    type: RollingUpdate
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
    {{- else }}
    # a folder that one node mounts can't be held by an old and a new pod on two nodes
    type: Recreate
    {{- end }}
  selector:
    matchLabels:
      {{- include "madang.selector" (list $ $component) | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "madang.labels" (list $ $component) | nindent 8 }}
      {{- with $values.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ include "madang.fullname" $ }}-{{ $component }}
      {{- include "madang.podSecurity" $ | nindent 6 }}
      {{- include "madang.scheduling" $ | nindent 6 }}
      {{- with $values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      terminationGracePeriodSeconds: {{ $.Values.podDefaults.terminationGracePeriodSeconds }}
      {{- include "madang.spread" (list $ $component) | nindent 6 }}
      {{- if $chain }}
      initContainers:
        # A key file must be readable by its owner alone, else it is refused; a Secret's files are readable by the pod's group too. So they
        # are copied into memory, as the process' own.
        - name: chain-keys
          image: {{ include "madang.image" (list $ (printf "%s-service" $service)) }}
          imagePullPolicy: {{ $.Values.image.pullPolicy }}
          command: [/bin/sh, -c, "umask 077 && for key in /etc/madang/chain-keys/*.hex; do cat \"$key\" > \"/run/madang/chain-keys/${key##*/}\" && chmod 400 \"/run/madang/chain-keys/${key##*/}\" || exit 1; done"]
          securityContext:
            {{- include "madang.containerSecurity" $ | nindent 12 }}
          resources:
            requests: {cpu: 10m, memory: 16Mi}
            limits: {cpu: 100m, memory: 32Mi}
          volumeMounts:
            - {name: chain-keys-secret, mountPath: /etc/madang/chain-keys, readOnly: true}
            - {name: chain-keys, mountPath: /run/madang/chain-keys}
      {{- end }}
      containers:
        - name: {{ $component }}
          image: {{ include "madang.image" (list $ (printf "%s-service" $service)) }}
          imagePullPolicy: {{ $.Values.image.pullPolicy }}
          ports:
            {{- if ne $component "sealing" }}
            - {name: http, containerPort: 8080, protocol: TCP}
            {{- end }}
            - {name: management, containerPort: 9000, protocol: TCP}
          env:
            {{- include "madang.serviceEnv" (list $ $service false) | nindent 12 }}
            {{- if eq $service "records" }}
            - {name: MADANG_SEALING_ENABLED, value: {{ or (eq $component "sealing") (not $.Values.sealing.enabled) | quote }}}
            {{- end }}
            {{- with $values.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          securityContext:
            {{- include "madang.containerSecurity" $ | nindent 12 }}
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          {{- include "madang.probes" . | nindent 10 }}
          lifecycle:
            preStop:
              sleep: {seconds: {{ $.Values.podDefaults.drainSeconds }}}
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
            - {name: data, mountPath: /var/lib/madang}
            - {name: trust, mountPath: /etc/madang/trust, readOnly: true}
            {{- if has $service (list "identity" "records") }}
            - {name: handover, mountPath: /var/lib/madang-handover}
            {{- end }}
            {{- include "madang.serverMounts" (list $ $service) | nindent 12 }}
            {{- if eq $service "identity" }}
            - {name: ca, mountPath: /etc/madang/ca, readOnly: true}
            {{- if $.Values.identity.walletProvidersConfigMap }}
            - {name: wallet-providers, mountPath: /etc/madang/wallet-providers, readOnly: true}
            {{- end }}
            {{- end }}
            {{- if $chain }}
            - {name: chain-keys, mountPath: /run/madang/chain-keys, readOnly: true}
            {{- end }}
      volumes:
        - name: tmp
          emptyDir: {sizeLimit: 256Mi}
        - name: data
          persistentVolumeClaim: {claimName: {{ include "madang.fullname" $ }}-{{ $service }}}
        - name: trust
          configMap: {name: {{ $.Values.trust.configMap }}}
        {{- if has $service (list "identity" "records") }}
        - name: handover
          persistentVolumeClaim: {claimName: {{ include "madang.fullname" $ }}-handover}
        {{- end }}
        {{- include "madang.serverVolumes" (list $ $service) | nindent 8 }}
        {{- if eq $service "identity" }}
        - name: ca
          secret: {secretName: {{ $.Values.identity.ca.secret }}}
        {{- with $.Values.identity.walletProvidersConfigMap }}
        - name: wallet-providers
          configMap: {name: {{ . }}}
        {{- end }}
        {{- end }}
        {{- if $chain }}
        - name: chain-keys
          emptyDir: {medium: Memory, sizeLimit: 1Mi}
        - name: chain-keys-secret
          secret: {secretName: {{ $store.chainKeysSecret }}}
        {{- end }}
{{- end -}}

{{/* Certificates with which a service believes its database and Kafka. Takes (list $ service). */}}
{{- define "madang.serverMounts" -}}
{{- $ := index . 0 -}}
{{- if include "madang.postgres.verified" $ }}
- {name: postgres-ca, mountPath: /etc/madang/postgres, readOnly: true}
{{- end }}
{{- if include "madang.kafka.caSecret" $ }}
- {name: kafka-ca, mountPath: /etc/madang/kafka-ca, readOnly: true}
{{- end }}
{{- if $.Values.kafka.operator.enabled }}
- {name: kafka-user, mountPath: /etc/madang/kafka-user, readOnly: true}
{{- end }}
{{- end -}}
{{- define "madang.serverVolumes" -}}
{{- $ := index . 0 -}}
{{- if include "madang.postgres.verified" $ }}
- name: postgres-ca
  secret: {secretName: {{ include "madang.postgres.caSecret" $ }}, items: [{key: ca.crt, path: ca.crt}]}
{{- end }}
{{- with include "madang.kafka.caSecret" $ }}
- name: kafka-ca
  secret: {secretName: {{ . }}, items: [{key: ca.crt, path: ca.crt}]}
{{- end }}
{{- if $.Values.kafka.operator.enabled }}
- name: kafka-user
  secret: {secretName: {{ include "madang.fullname" $ }}-{{ index . 1 }}, items: [{key: user.p12, path: user.p12}]}
{{- end }}
{{- end -}}

{{/* Spread over zones and nodes. Takes (list $ component). */}}
{{- define "madang.spread" -}}
{{- $ := index . 0 -}}
{{- $component := index . 1 -}}
{{- with $.Values.podDefaults.spreadOver }}
topologySpreadConstraints:
  {{- range . }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "madang.selector" (list $ $component) | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- end }}
{{- end -}}

{{/* The processes that run, as a JSON object of component to service. */}}
{{- define "madang.components" -}}
{{- $found := dict -}}
{{- range $service := list "identity" "payment" "records" -}}
{{- if (index $.Values $service).enabled -}}{{- $_ := set $found $service $service -}}{{- end -}}
{{- end -}}
{{- if .Values.sealing.enabled -}}{{- $_ := set $found "sealing" "records" -}}{{- end -}}
{{- toJson $found -}}
{{- end -}}
