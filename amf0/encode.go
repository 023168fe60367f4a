package amf0

import (
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"strconv"
)

// Append appends the encoded values to dst. It allocates nothing when dst has
// room. On error, a *ValueError, it returns dst as it was.
func Append(dst []byte, values ...any) ([]byte, error) {
	out := dst
	for i, v := range values {
		var bad *ValueError
		if out, bad = appendValue(out, v, 0); bad != nil {
			return dst, bad.in("[" + strconv.Itoa(i) + "]")
		}
	}
	return out, nil
}

func appendValue(dst []byte, v any, depth int) ([]byte, *ValueError) {
	switch v := v.(type) {
	case nil:
		return append(dst, markerNull), nil
	case Undefined:
		return append(dst, markerUndefined), nil
	case float64:
		return appendNumber(append(dst, markerNumber), v), nil
	case int:
		return appendNumber(append(dst, markerNumber), float64(v)), nil
	case bool:
		if v {
			return append(dst, markerBoolean, 1), nil
		}
		return append(dst, markerBoolean, 0), nil
	case string:
		if len(v) <= maxShortString {
			return appendShort(append(dst, markerString), v), nil
		}
		return appendLong(append(dst, markerLongString), v)
	case XML:
		return appendLong(append(dst, markerXML), string(v))
	case Date:
		dst = appendNumber(append(dst, markerDate), v.Milliseconds)
		return binary.BigEndian.AppendUint16(dst, uint16(v.ZoneMinutes)), nil
	default:
		return appendContainer(dst, v, depth)
	}
}

func appendContainer(dst []byte, v any, depth int) ([]byte, *ValueError) {
	if depth == MaxDepth {
		return dst, &ValueError{Reason: fmt.Sprintf("nested deeper than %d", MaxDepth)}
	}
	switch v := v.(type) {
	case Object:
		return appendProperties(append(dst, markerObject), v, depth)
	case ECMAArray:
		dst = binary.BigEndian.AppendUint32(append(dst, markerECMAArray), uint32(len(v)))
		return appendProperties(dst, v, depth)
	case TypedObject:
		if len(v.Class) > maxShortString {
			return dst, &ValueError{Reason: fmt.Sprintf("class name of %d bytes, the limit is %d", len(v.Class), maxShortString)}
		}
		return appendProperties(appendShort(append(dst, markerTypedObject), v.Class), v.Properties, depth)
	case StrictArray:
		dst = binary.BigEndian.AppendUint32(append(dst, markerStrictArray), uint32(len(v)))
		for i, e := range v {
			var bad *ValueError
			if dst, bad = appendValue(dst, e, depth+1); bad != nil {
				return dst, bad.in("[" + strconv.Itoa(i) + "]")
			}
		}
		return dst, nil
	default:
		// reflect.TypeOf, unlike %T, does not make every caller's values escape.
		return dst, &ValueError{Reason: "the Go type " + reflect.TypeOf(v).String() + " has no AMF0 form"}
	}
}

func appendProperties(dst []byte, properties []Property, depth int) ([]byte, *ValueError) {
	for _, p := range properties {
		if len(p.Name) > maxShortString {
			return dst, &ValueError{Reason: fmt.Sprintf("property name of %d bytes, the limit is %d", len(p.Name), maxShortString)}
		}
		var bad *ValueError
		if dst, bad = appendValue(appendShort(dst, p.Name), p.Value, depth+1); bad != nil {
			return dst, bad.in("." + p.Name)
		}
	}
	return append(dst, 0, 0, markerObjectEnd), nil
}

func appendNumber(dst []byte, v float64) []byte {
	return binary.BigEndian.AppendUint64(dst, math.Float64bits(v))
}

func appendShort(dst []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint16(dst, uint16(len(s))), s...)
}

func appendLong(dst []byte, s string) ([]byte, *ValueError) {
	if len(s) > MaxStringLength {
		return dst, &ValueError{Reason: fmt.Sprintf("string of %d bytes, the limit is %d", len(s), MaxStringLength)}
	}
	return append(binary.BigEndian.AppendUint32(dst, uint32(len(s))), s...), nil
}

// in puts the step to the container's element before the path.
func (e *ValueError) in(step string) *ValueError {
	e.Path = step + e.Path
	return e
}
