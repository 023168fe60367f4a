package main

import (
	"strings"

	"rtmpwriter/internal/dshow/abi"
)

// spelling is how the languages write a type.
type spelling struct{ c, idl, sharp string }

var parameterTypes = map[abi.Type]spelling{
	abi.TextIn:   {"LPCWSTR ", "[in] LPCWSTR ", "[MarshalAs(UnmanagedType.LPWStr)] string "},
	abi.TextOut:  {"LPWSTR *", "[out] LPWSTR *", "[return: MarshalAs(UnmanagedType.LPWStr)] string "},
	abi.LongIn:   {"LONG ", "[in] LONG ", "int "},
	abi.LongOut:  {"LONG *", "[out] LONG *", "int "},
	abi.BoolIn:   {"BOOL ", "[in] BOOL ", "[MarshalAs(UnmanagedType.Bool)] bool "},
	abi.BoolOut:  {"BOOL *", "[out] BOOL *", "[return: MarshalAs(UnmanagedType.Bool)] bool "},
	abi.IntOut:   {"int *", "[out] int *", "RTMPWriterStatus "},
	abi.StatsOut: {"rtmp_writer_stats_t *", "[out] rtmp_writer_stats_t *", "RTMPWriterStats "},
	abi.Handler:  {"RTMPStatusNotifyHandler ", "[in] void *", "RTMPStatusNotifyHandler "},
	abi.Context:  {"void *", "[in] void *", "IntPtr "},
}

var fieldTypes = map[abi.CType]spelling{
	abi.Int:    {"int", "int", "int"},
	abi.Int64:  {"LONGLONG", "hyper", "long"},
	abi.Uint32: {"unsigned int", "unsigned int", "uint"},
	abi.Size:   {"size_t", "unsigned __int3264", "UIntPtr"},
}

// isOut tells the types that a method gives back.
func isOut(t abi.Type) bool {
	switch t {
	case abi.TextOut, abi.LongOut, abi.BoolOut, abi.IntOut, abi.StatsOut:
		return true
	default:
		return false
	}
}

// cParameters is the list in a declaration of C, which names the object besides.
func cParameters(m abi.Method) string {
	if len(m.Parameters) == 0 {
		return "THIS"
	}
	return "THIS_ " + list(m, func(p abi.Parameter) string { return parameterTypes[p.Type].c + p.Name })
}

// macroParameters is the list of COBJMACROS.
func macroParameters(m abi.Method) string {
	return strings.TrimSuffix("This, "+list(m, func(p abi.Parameter) string { return p.Name }), ", ")
}

func idlParameters(m abi.Method) string {
	return list(m, func(p abi.Parameter) string { return parameterTypes[p.Type].idl + p.Name })
}

// sharpMethod is the declaration in C#: what goes out last is what the method
// returns, since errors are exceptions.
func sharpMethod(m abi.Method) string {
	in, result := m.Parameters, "void "
	if last := len(in) - 1; last >= 0 && isOut(in[last].Type) {
		in, result = in[:last], parameterTypes[in[last].Type].sharp
	}
	if m.Answers {
		result = "[PreserveSig] int "
	}
	if attribute, rest, ok := strings.Cut(result, "] "); ok {
		result = attribute + "]\n        " + rest
	}
	return result + m.Name + "(" +
		list(abi.Method{Parameters: in}, func(p abi.Parameter) string { return parameterTypes[p.Type].sharp + p.Name }) + ");"
}

func list(m abi.Method, write func(abi.Parameter) string) string {
	var all []string
	for _, p := range m.Parameters {
		all = append(all, write(p))
	}
	return strings.Join(all, ", ")
}
