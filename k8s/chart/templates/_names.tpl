{{/* Prefix of all names. Never of version or values that change in an upgrade. */}}
{{- define "madang.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What a selector holds; immutable, so neither version nor chart. Takes (list $ component). */}}
{{- define "madang.selector" -}}
{{- $ := index . 0 -}}
app.kubernetes.io/name: {{ default $.Chart.Name $.Values.nameOverride }}
app.kubernetes.io/instance: {{ $.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* All labels. Takes (list $ component). */}}
{{- define "madang.labels" -}}
{{- $ := index . 0 -}}
{{ include "madang.selector" . }}
app.kubernetes.io/part-of: madang
app.kubernetes.io/version: {{ $.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $.Chart.Name $.Chart.Version | replace "+" "_" }}
{{- with $.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* metadata with name and labels. Takes (list $ component), or (list $ component name). */}}
{{- define "madang.metadata" -}}
{{- $ := index . 0 -}}
{{- $component := index . 1 -}}
name: {{ include "madang.fullname" $ }}-{{ if gt (len .) 2 }}{{ index . 2 }}{{ else }}{{ $component }}{{ end }}
namespace: {{ $.Release.Namespace }}
labels:
  {{- include "madang.labels" (list $ $component) | nindent 2 }}
{{- end -}}

{{/* An image's full name. Takes (list $ image). */}}
{{- define "madang.image" -}}
{{- $ := index . 0 -}}
{{- $name := index . 1 -}}
{{- $repository := $.Values.image.repository -}}
{{- $full := ternary (printf "%s/%s" (trimSuffix "/" $repository) $name) $name (ne $repository "") -}}
{{- with index $.Values.image.digests $name -}}
{{ printf "%s@%s" $full . | quote }}
{{- else -}}
{{ printf "%s:%s" $full (default $.Chart.AppVersion $.Values.image.tag) | quote }}
{{- end -}}
{{- end -}}

{{/* The host of the origin. */}}
{{- define "madang.host" -}}
{{- (urlParse .Values.origin).hostname -}}
{{- end -}}

{{/* Databases. */}}
{{- define "madang.postgres.host" -}}
{{- if .Values.postgres.operator.enabled -}}
{{ include "madang.fullname" . }}-postgres-rw
{{- else -}}
{{ required "postgres.external.host is needed, or postgres.operator.enabled" .Values.postgres.external.host }}
{{- end -}}
{{- end -}}
{{- define "madang.postgres.port" -}}
{{- ternary 5432 (int .Values.postgres.external.port) .Values.postgres.operator.enabled -}}
{{- end -}}
{{- define "madang.postgres.caSecret" -}}
{{- if .Values.postgres.caSecret -}}{{ .Values.postgres.caSecret }}
{{- else if .Values.postgres.operator.enabled -}}{{ include "madang.fullname" . }}-postgres-ca
{{- end -}}
{{- end -}}
{{- define "madang.postgres.verified" -}}
{{- if eq .Values.postgres.sslMode "verify-full" -}}
{{- $_ := required "postgres.caSecret is needed with sslMode verify-full" (include "madang.postgres.caSecret" .) -}}
true
{{- end -}}
{{- end -}}

{{/* Kafka. */}}
{{- define "madang.kafka.servers" -}}
{{- if .Values.kafka.operator.enabled -}}
{{ include "madang.fullname" . }}-kafka-kafka-bootstrap:9093
{{- else -}}
{{ required "kafka.external.bootstrapServers is needed, or kafka.operator.enabled" .Values.kafka.external.bootstrapServers }}
{{- end -}}
{{- end -}}
{{- define "madang.kafka.port" -}}
{{- ternary 9093 (int .Values.kafka.external.port) .Values.kafka.operator.enabled -}}
{{- end -}}
{{- define "madang.kafka.caSecret" -}}
{{- if .Values.kafka.operator.enabled -}}{{ include "madang.fullname" . }}-kafka-cluster-ca-cert
{{- else -}}{{ .Values.kafka.external.caSecret }}
{{- end -}}
{{- end -}}

{{/* Keycloak, without /auth. */}}
{{- define "madang.keycloak.url" -}}
{{- if .Values.keycloak.operator.enabled -}}
http://{{ include "madang.fullname" . }}-keycloak-service:8080
{{- else -}}
{{ required "keycloak.external.url is needed, or keycloak.operator.enabled" .Values.keycloak.external.url | trimSuffix "/" }}
{{- end -}}
{{- end -}}
{{- define "madang.keycloak.port" -}}
{{- ternary 8080 (int .Values.keycloak.external.port) .Values.keycloak.operator.enabled -}}
{{- end -}}

{{/* Whether pods of a service may run side by side: several need a folder that several nodes can mount. Takes (list $ name replicas-values storage). */}}
{{- define "madang.requireShared" -}}
{{- $replicas := index . 2 -}}
{{- $many := or (gt (int $replicas.replicas) 1) $replicas.autoscaling.enabled -}}
{{- if and $many (ne (index . 3).accessMode "ReadWriteMany") -}}
{{- fail (printf "%s: more than one pod needs %s.storage.accessMode ReadWriteMany, since keys are in a folder" (index . 1) (index . 1)) -}}
{{- end -}}
{{- end -}}
