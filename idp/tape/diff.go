package tape

import "strings"

// diff shows what must leave (-) and come (+) to make the one list of lines the other.
func diff(from, to []string) string {
	common := make([][]int, len(from)+1) // length of the longest common part of from[i:] and to[j:]
	for i := range common {
		common[i] = make([]int, len(to)+1)
	}
	for i := len(from) - 1; i >= 0; i-- {
		for j := len(to) - 1; j >= 0; j-- {
			if from[i] == to[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var out []string
	i, j := 0, 0
	for i < len(from) && j < len(to) {
		switch {
		case from[i] == to[j]:
			out = append(out, "  "+from[i])
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			out = append(out, "- "+from[i])
			i++
		default:
			out = append(out, "+ "+to[j])
			j++
		}
	}
	rest := strings.TrimSuffix(indent("- ", from[i:])+"\n"+indent("+ ", to[j:]), "\n")
	return strings.TrimPrefix(strings.Join(out, "\n")+"\n"+strings.TrimPrefix(rest, "\n"), "\n")
}

func indent(mark string, lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return mark + strings.Join(lines, "\n"+mark)
}
