package amf0

import (
	"encoding/json"
	"fmt"
	"math"
)

// AppendJSON writes a value of this package as JSON: what JSON lacks as a string
// or null. It is the way back from ParseJSON, for answers of servers.
func AppendJSON(dst []byte, v any) []byte {
	switch v := v.(type) {
	case Object:
		return appendMembers(dst, v)
	case ECMAArray:
		return appendMembers(dst, v)
	case TypedObject:
		return appendMembers(dst, v.Properties)
	case StrictArray:
		dst = append(dst, '[')
		for i, e := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = AppendJSON(dst, e)
		}
		return append(dst, ']')
	case Date:
		return AppendJSON(dst, v.Milliseconds)
	case XML:
		return AppendJSON(dst, string(v))
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return AppendJSON(dst, fmt.Sprint(v))
		}
	case Undefined:
		return append(dst, "null"...)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return append(dst, "null"...)
	}
	return append(dst, text...)
}

func appendMembers(dst []byte, properties []Property) []byte {
	dst = append(dst, '{')
	for i, p := range properties {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(AppendJSON(dst, p.Name), ':')
		dst = AppendJSON(dst, p.Value)
	}
	return append(dst, '}')
}
