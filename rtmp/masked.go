package rtmp

import (
	"fmt"

	"rtmpwriter/amf0"
)

// maxAnswerText bounds one text of an answer.
const maxAnswerText = 64 << 10

// masked is v with the secrets in its texts masked.
func (r redactor) masked(v any) any {
	switch v := v.(type) {
	case string:
		return r.text(v)
	case float64:
		return r.number(v)
	case amf0.XML:
		return amf0.XML(r.text(string(v)))
	case amf0.Object:
		return amf0.Object(r.properties(v))
	case amf0.ECMAArray:
		return amf0.ECMAArray(r.properties(v))
	case amf0.TypedObject:
		return amf0.TypedObject{Class: r.text(v.Class), Properties: r.properties(v.Properties)}
	case amf0.StrictArray:
		out := make(amf0.StrictArray, len(v))
		for i := range v {
			out[i] = r.masked(v[i])
		}
		return out
	default:
		return v
	}
}

func (r redactor) properties(properties []amf0.Property) []amf0.Property {
	out := make([]amf0.Property, len(properties))
	for i, p := range properties {
		out[i] = amf0.Property{Name: r.text(p.Name), Value: r.masked(p.Value)}
	}
	return out
}

// text is s with its secrets masked; one too long to be searched is left out.
func (r redactor) text(s string) string {
	if len(s) > maxAnswerText {
		return fmt.Sprintf("(%d bytes)", len(s))
	}
	for _, secret := range r.secrets {
		s = maskAll(s, secret)
	}
	return s
}
