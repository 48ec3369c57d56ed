// Command go prints what real Go does: it reads cases from standard input, one JSON object a line, {"f": name, "a": arguments},
// and answers each with {"ok": result} or {"error": message}.
//
// Strings travel as Latin-1: each character is one byte of the Go string, so that bytes that are not UTF-8 survive.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

type question struct {
	F string `json:"f"`
	A []any  `json:"a"`
}

type answer struct {
	OK    any    `json:"ok"`
	Error string `json:"error,omitempty"`
}

func main() {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	output := bufio.NewWriter(os.Stdout)
	defer output.Flush()
	encoder := json.NewEncoder(output)
	decoder := json.NewDecoder(lines)
	decoder.UseNumber()
	for decoder.More() {
		var asked question
		if err := decoder.Decode(&asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := encoder.Encode(ask(asked)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func ask(asked question) (result answer) {
	defer func() {
		if problem := recover(); problem != nil {
			result = answer{Error: fmt.Sprint("panic: ", problem)}
		}
	}()
	function, ok := functions[asked.F]
	if !ok {
		panic("no function " + asked.F)
	}
	value, err := function(fromLatin1(asked.A).([]any))
	if err != nil {
		return answer{Error: toLatin1(err.Error()).(string)}
	}
	return answer{OK: toLatin1(value)}
}

// fromLatin1 turns the strings inside a value into the bytes they stand for.
func fromLatin1(value any) any {
	switch value := value.(type) {
	case string:
		bytes := make([]byte, 0, len(value))
		for _, char := range value {
			bytes = append(bytes, byte(char))
		}
		return string(bytes)
	case []any:
		items := make([]any, len(value))
		for i, item := range value {
			items[i] = fromLatin1(item)
		}
		return items
	case map[string]any:
		members := make(map[string]any, len(value))
		for name, member := range value {
			members[fromLatin1(name).(string)] = fromLatin1(member)
		}
		return members
	case json.Number:
		number, err := value.Int64()
		if err != nil {
			panic(err)
		}
		return number
	}
	return value
}

// toLatin1 is the way back.
func toLatin1(value any) any {
	switch value := value.(type) {
	case string:
		chars := make([]rune, len(value))
		for i := range len(value) {
			chars[i] = rune(value[i])
		}
		return string(chars)
	case []string:
		items := make([]any, len(value))
		for i, item := range value {
			items[i] = toLatin1(item)
		}
		return items
	case []any:
		items := make([]any, len(value))
		for i, item := range value {
			items[i] = toLatin1(item)
		}
		return items
	case map[string]string:
		members := make(map[string]any, len(value))
		for name, member := range value {
			members[toLatin1(name).(string)] = toLatin1(member)
		}
		return members
	case map[string]any:
		members := make(map[string]any, len(value))
		for name, member := range value {
			members[toLatin1(name).(string)] = toLatin1(member)
		}
		return members
	}
	return value
}
