"""Common given names in Spanish and English that are no other word, without accents and in lower case.

Names that are words as well ("Rosa", "Sol", "Julio", "Mark") are left out: the words around them decide.
"""

from __future__ import annotations

from poetas.evaluation.words import word_set

GIVEN_NAMES = word_set("""
    aaron abel abelardo abigail abraham adela adelina adolfo adrian adriana agata agustin agustina aida aitana alan
    alana alberto albina alcira alejandra alejandro alejo alex alexander alexis alfonsina alfonso alfredo alice
    alicia alvaro amadeo amalia amanda amelia amy ana anabel anahi analia anastasia andrea andres andrew andy angela
    angelica angelina anibal anita anna anselmo anthony antonella antonia antonio ariadna ariana ariel arnaldo
    arturo atilio augusto aurelia aurelio axel ayelen barbara bartolome bautista beatriz belen benicio benita benito
    benjamin bernardo berta bertha beto betty bianca bibiana bob brenda brian briana brigida bruna bruno camila
    camilo carina carla carlos carlota carmela carmelo carmen carolina caroline catalina catherine cayetano cecilia
    cecilio celia celina cesar charles charlotte charly chloe christian christopher cintia clarisa claudia claudio
    clelia clemente clotilde conrado constanza cristian cristina cristobal damian daniel daniela dante dardo dario
    david debora deborah delfina delia denise dennis diana diane diego dionisio dolly donald dora dorothy edgar
    edgardo edith edmundo eduarda eduardo edward efrain eleanor elena eleonora eliana elias elina elisa elisabet
    elizabeth ellen eloisa elsa elvira emilia emiliano emilio emily emma enrique eric erica ernestina ernesto
    esteban estefania estela ester esther ethan eugenia eugenio eusebio eva evangelina evaristo evelyn ezequiel
    fabian fabiana fabio fabricio facundo fatima federica federico felicitas felipe felisa fermin fernanda fernando
    filomena florencia florencio fortunato francesca francisca francisco frida gabriel gabriela gaspar gaston genaro
    george georgina gerardo german gertrudis gilberto gilda gimena gino giovanni gisela giselle gladys gonzalo
    graciela gregorio griselda guadalupe guillermina guillermo gustavo hannah harold harry hebe hector helen helena
    henry hermes herminia hernan hilda hipolito homero horacio hortensia hugo humberto ian ignacio ilda ines
    inocencio irene irina irma isaac isabel isabella isabelle isaias isidoro isidro ismael ivan ivana jacob
    jacqueline jaime james jane janet jason javier jennifer jeremias jeremy jesica jessica jim jimena joan joaquin
    joaquina joe joel john jonas jonatan jonathan jordi jorge jorgelina jose josefa josefina joseph joshua josue
    joyce juan juana juanita judith julia julian juliana julie julieta justin karen karina karla kate katherine
    kathy keith kenneth kevin larry laura lauren lautaro lazaro leandro leonardo leonel leonor leopoldo leticia
    lidia liliana lily linda lisa lisandro lorena lorenzo louis lucas lucia luciana luciano lucila lucio lucrecia
    lucy luis luisa lujan mabel macarena magali magdalena maite malena manuel manuela marcela marcelo margaret maria
    mariana marianela mariano marie mariela mario marisa marisol marta martha martin martina mary mateo matias
    matilda matilde matthew mauricio mauro maximiliano megan melina melisa melissa mia micaela michael michelle
    miguel miguelina milena miranda miriam mirta moira moises molly monica muriel nadia nahuel nancy natalia natalio
    nazareno nelida nelly nelson nestor nicanor nicolas nicole nilda noelia noemi nora norberto norma octavio ofelia
    olga oliver olivia omar oriana orlando oscar osvaldo otto pablo pamela paola patricia patricio patrick paul
    paula paulina paulo pedro penelope peter petrona philip rachel rafael rafaela ralph ramiro ramon ramona raquel
    raul raymond rebeca rebecca regina reinaldo renata renato renee ricardo richard rita robert roberta roberto
    rodolfo rodrigo rogelio roger rolando roman romina ronald roque rosalia rosalinda rosana rosaura rosendo roxana
    ruben rufino russell ruth ryan sabrina sally samanta samantha samuel sandra santiago santino sara sarah saul
    scott sean sebastian selena serafin sergio sharon silvana silvia silvina silvio simon sofia sonia sophia sophie
    stella stephanie stephen steven susan susana tadeo tamara tatiana telma teodoro teofilo teresa thomas timmy
    timothy tiziana tobias tom tomas tommy tyler ubaldo ulises uriel ursula valentin valentina valeria valerio
    vanesa vanina veronica vicente victor vilma viviana vladimir walter wanda wenceslao wendy wilfredo william
    xavier xiomara yamila yanina yesica yolanda zacarias zachary zoe zulema zulma
    """)
