{{- define "mailferry.name" -}}
{{- if contains "mailferry" .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-mailferry" .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "mailferry.release.labels" -}}
app.kubernetes.io/name: mailferry
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "mailferry.labels" -}}
{{ include "mailferry.release.labels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* The templates below take (dict "root" $ "name" <component>). */}}

{{- define "mailferry.component.name" -}}
{{ include "mailferry.name" .root }}-{{ .name }}
{{- end -}}

{{- define "mailferry.component.selector" -}}
{{ include "mailferry.release.labels" .root }}
app.kubernetes.io/component: {{ .name }}
{{- end -}}

{{- define "mailferry.component.labels" -}}
{{ include "mailferry.labels" .root }}
app.kubernetes.io/component: {{ .name }}
{{- end -}}

{{- define "mailferry.component.image" -}}
{{- $image := .root.Values.image -}}
{{- $component := index .root.Values.components .name -}}
{{- $path := printf "%s/%s-service" $image.repository .name -}}
{{- if $image.registry -}}{{- $path = printf "%s/%s" $image.registry $path -}}{{- end -}}
{{- if $component.digest -}}
{{- printf "%s@%s" $path $component.digest -}}
{{- else -}}
{{- printf "%s:%s" $path (default .root.Chart.AppVersion $image.tag) -}}
{{- end -}}
{{- end -}}
