{{- define "besu.fullname" -}}
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

{{/* What a selector holds. Takes (list $), or (list $ validator). */}}
{{- define "besu.selector" -}}
{{- $ := index . 0 -}}
app.kubernetes.io/name: {{ default $.Chart.Name $.Values.nameOverride }}
app.kubernetes.io/instance: {{ $.Release.Name }}
{{- if gt (len .) 1 }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}
{{- end -}}

{{- define "besu.labels" -}}
{{- $ := index . 0 -}}
{{ include "besu.selector" . }}
app.kubernetes.io/part-of: madang
app.kubernetes.io/version: {{ $.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $.Chart.Name $.Chart.Version | replace "+" "_" }}
{{- with $.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Takes (list $ suffix) or (list $ suffix component). */}}
{{- define "besu.metadata" -}}
{{- $ := index . 0 -}}
name: {{ include "besu.fullname" $ }}-{{ index . 1 }}
namespace: {{ $.Release.Namespace }}
labels:
  {{- include "besu.labels" (ternary (list $ (last .)) (list $) (gt (len .) 2)) | nindent 2 }}
{{- end -}}

{{- define "besu.image" -}}
{{- with .Values.image.digest -}}
{{ printf "%s@%s" $.Values.image.repository . | quote }}
{{- else -}}
{{ printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) | quote }}
{{- end -}}
{{- end -}}

{{/*
QBFT's extra data of block 0: RLP of [32 bytes, [validator…], [] (votes), 0 (round), [] (seals)]. The lengths below are right for 3 to 10
validators, whose lists take one byte of length.
*/}}
{{- define "besu.extraData" -}}
{{- $n := len .Values.validators -}}
{{- $addresses := "" -}}
{{- range .Values.validators -}}
{{- $addresses = printf "%s94%s" $addresses (.address | lower | trimPrefix "0x") -}}
{{- end -}}
{{- printf "0xf8%02xa0%sf8%02x%sc080c0" (add 38 (mul 21 $n)) (repeat 64 "0") (mul 21 $n) $addresses -}}
{{- end -}}

{{- define "besu.enode" -}}
{{- $ := index . 0 -}}
{{- $validator := index . 1 -}}
{{- $host := ternary (printf "%s-%s.%s.svc" (include "besu.fullname" $) $validator.name $.Release.Namespace) (required (printf "validators: %s is not local, so its host is needed" $validator.name) (ternary "local" $validator.host (default false $validator.local))) (default false $validator.local) -}}
{{- printf "enode://%s@%s:%d" $validator.publicKey $host (int (default 30303 $validator.port)) -}}
{{- end -}}
